namespace Billing.Sagas;

/// <summary>Who waits for the pay URL has waited long enough.</summary>
public sealed record RechargeAnswerDue
{
    public required Guid RechargeId { get; init; }
}

/// <summary>A recharge that is not at its end is to be looked at.</summary>
public sealed record RechargeLookDue
{
    public required Guid RechargeId { get; init; }
}

/// <summary>An operator has said whose money an unmatched payment is: it is credited as a recharge of its own.</summary>
public sealed record CreditUnmatchedPayment
{
    public required Guid UnmatchedId { get; init; }
    public required string UserId { get; init; }
    public required string PaymentId { get; init; }
    public required Money Amount { get; init; }
    public required string Currency { get; init; }
}
