namespace Billing.Service.Webhooks;

/// <summary>A subscription as it is told: without secrets, but for a new one, once.</summary>
sealed record WebhookStatus
{
    public required Guid WebhookId { get; init; }
    public required string Url { get; init; }
    public required IReadOnlyList<string> Events { get; init; }
    public string? UserId { get; init; }
    public required bool Enabled { get; init; }
    public string? DisabledBecause { get; init; }

    /// <summary>Until then the former secret signs too.</summary>
    public DateTimeOffset? FormerSecretUntil { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Only in the answer that made it.</summary>
    public string? Secret { get; init; }

    /// <summary>In the answer to an act: whether it was done before, by the same id.</summary>
    public bool? Duplicate { get; init; }

    public static WebhookStatus Of(Subscription subscription) => new()
    {
        WebhookId = subscription.WebhookId,
        Url = subscription.Url,
        Events = subscription.Events,
        UserId = subscription.UserId,
        Enabled = subscription.Enabled,
        DisabledBecause = subscription.DisabledBecause,
        FormerSecretUntil = subscription.FormerSecretUntil,
        CreatedAt = subscription.CreatedAt,
    };

    /// <summary>Without the secret: a status must not bring one into a log.</summary>
    public override string ToString() => $"webhook {WebhookId}";
}
