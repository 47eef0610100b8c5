namespace Billing.Service.Webhooks;

/// <summary>A delivery as the list tells it.</summary>
sealed record DeliveryLine
{
    public required long DeliveryId { get; init; }

    /// <summary>The receiver's <c>webhook-id</c>.</summary>
    public required string EventId { get; init; }

    public required string Type { get; init; }
    public required string Body { get; init; }

    /// <summary>pending, delivered or given_up.</summary>
    public required string State { get; init; }

    public required int Attempts { get; init; }

    /// <summary>The receiver's last answer; absent when there was none.</summary>
    public int? Status { get; init; }

    /// <summary>Why the last attempt failed.</summary>
    public string? Error { get; init; }

    /// <summary>When it is tried next.</summary>
    public DateTimeOffset? DueAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }

    public static string Name(DeliveryState state) => state switch
    {
        DeliveryState.ToBeSent => "pending",
        DeliveryState.Delivered => "delivered",
        _ => "given_up",
    };
}
