using System.Text.Json;
using System.Text.Json.Serialization;

namespace Billing.Demo.Payments;

/// <summary>What a notification says has happened.</summary>
public enum NoticeKind
{
    Created,
    Succeeded,
    Failed,
    Refunded,
}

/// <summary>A notification to the billing service; its JSON is the body.</summary>
public sealed record Notice
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Said by the exchange or the path, not by the body.</summary>
    [JsonIgnore]
    public NoticeKind Kind { get; init; }

    public required Guid RechargeId { get; init; }
    public required string PaymentId { get; init; }
    public string? RefundId { get; init; }
    public string? PayUrl { get; init; }
    public string? Amount { get; init; }
    public string? Currency { get; init; }
    public DateTimeOffset? PaidAt { get; init; }
    public string? Reason { get; init; }

    public byte[] Body() => JsonSerializer.SerializeToUtf8Bytes(this, Json);
}
