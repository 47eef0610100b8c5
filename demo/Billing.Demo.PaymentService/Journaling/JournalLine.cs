using System.Text.Json.Serialization;

namespace Billing.Demo.Payments.Journaling;

/// <summary>One thing that the payment service did. Only <see cref="Ordered"/> lines have a user, a channel and an expiry.</summary>
public sealed record JournalLine
{
    public const string Ordered = "ordered";
    public const string Succeeded = "succeeded";
    public const string Failed = "failed";
    public const string Refunded = "refunded";

    /// <summary>Nothing more will happen to the payment by itself.</summary>
    public const string Finished = "finished";

    public required string What { get; init; }
    public required Guid RechargeId { get; init; }
    public required string PaymentId { get; init; }
    public string? RefundId { get; init; }

    /// <summary>Ordered, received or given back: a decimal string.</summary>
    public string? Amount { get; init; }

    public string? Currency { get; init; }

    /// <summary>Of money received: whether it is the payment, amount and currency that were ordered.</summary>
    public bool? AsOrdered { get; init; }

    public string? UserId { get; init; }
    public string? Channel { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public required string Misbehaviour { get; init; }
    public required DateTimeOffset At { get; init; }

    [JsonIgnore]
    public (string, Guid, string, string?) Key => (What, RechargeId, PaymentId, RefundId);
}
