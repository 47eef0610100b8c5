namespace Billing.Contracts;

/// <summary>One top-up order as of now: the answer to <see cref="StartRecharge"/>, <see cref="GetRecharge"/> and <see cref="ResolveRecharge"/>.</summary>
public sealed record RechargeStatus
{
    /// <summary>Derived from the user and the idempotency key. All zero when the request was refused.</summary>
    public required Guid RechargeId { get; init; }

    /// <summary>One of <see cref="RechargeStates"/>.</summary>
    public required string State { get; init; }

    /// <summary>Why the request was refused; one of <see cref="ErrorCodes"/>. Absent when it was not.</summary>
    public string? Code { get; init; }

    /// <summary>What was wrong and what would be right.</summary>
    public string? Detail { get; init; }

    public string? UserId { get; init; }

    public Money Amount { get; init; }

    public string? Currency { get; init; }

    public string? Channel { get; init; }

    /// <summary>Where the user pays; absent until the payment service has said so.</summary>
    public string? PayUrl { get; init; }

    /// <summary>The payment service's id of the payment.</summary>
    public string? PaymentId { get; init; }

    /// <summary>Why it failed or must be looked at; one of <see cref="RechargeReasons"/> or the payment service's own word.</summary>
    public string? Reason { get; init; }

    /// <summary>True when the money came after the recharge had failed or expired; it is credited all the same.</summary>
    public bool Late { get; init; }

    /// <summary>What the account was credited.</summary>
    public Money Credited { get; init; }

    /// <summary>What of it has been taken back since.</summary>
    public Money Refunded { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Unpaid until then, it expires.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }
}
