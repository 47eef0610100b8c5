namespace Billing.Contracts;

/// <summary>Money was received. May come any number of times and in any order with the others: it is credited once.</summary>
public sealed record PaymentSucceeded
{
    public required Guid RechargeId { get; init; }

    public required string PaymentId { get; init; }

    /// <summary>What was received; another than ordered is not credited and waits for an operator.</summary>
    public required Money Amount { get; init; }

    public required string Currency { get; init; }

    /// <summary>When it was paid, if the payment service says so.</summary>
    public DateTimeOffset? PaidAt { get; init; }
}
