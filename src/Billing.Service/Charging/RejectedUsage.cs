using System.Text.Json;

namespace Billing.Service.Charging;

/// <summary>A usage that was not charged and is not lost: what came, and why not. Unique by id as sent, hash and code; it claims nothing.</summary>
public sealed record RejectedUsage
{
    const int IdLengthMax = 128;
    const int PayloadLengthMax = 16_384;

    /// <summary>The id as it was sent, cut to 128 printable characters; empty when there was none.</summary>
    public required string UsageId { get; init; }

    public required long ContentHash { get; init; }
    public required Refusal Refusal { get; init; }
    public string? UserId { get; init; }
    public string? Service { get; init; }

    /// <summary>What was sent, as JSON; of very long input the beginning.</summary>
    public required string Payload { get; init; }

    public static RejectedUsage Of(Usage usage, Refusal refusal) => new()
    {
        UsageId = usage.UsageId.ToString(),
        ContentHash = usage.ContentHash,
        Refusal = refusal,
        UserId = usage.UserId,
        Service = usage.Service,
        Payload = JsonSerializer.Serialize(new
        {
            usageId = usage.UsageId,
            userId = usage.UserId,
            service = usage.Service,
            quantity = usage.Quantity,
            cost = usage.Cost,
            occurredAt = usage.OccurredAt,
            reservationId = usage.ReservationId,
        }),
    };

    /// <summary>Input whose shape is wrong: whatever of it could be read.</summary>
    public static RejectedUsage OfRaw(string? usageId, string? userId, string? service, string payload, Refusal refusal) => new()
    {
        UsageId = Cut(usageId) ?? "",
        ContentHash = Charging.ContentHash.Of(System.Text.Encoding.UTF8.GetBytes(payload)),
        Refusal = refusal,
        UserId = Cut(userId),
        Service = Cut(service),
        Payload = payload.Length <= PayloadLengthMax ? payload : Printable.Of(payload, PayloadLengthMax),
    };

    static string? Cut(string? text) => text is null ? null : Printable.Of(text, IdLengthMax);
}
