namespace Billing.Contracts;

/// <summary>
/// Tells the ledger that money of a credited recharge went back to the payer: it is taken from the balance, into debt if need be,
/// once by recharge and refund id, and never more than was credited. Answered by <see cref="CreditRefunded"/> or <see cref="RefundRefused"/>.
/// </summary>
public sealed record RefundCredit
{
    public required Guid RechargeId { get; init; }

    /// <summary>The payment service's id of the refund.</summary>
    public required string RefundId { get; init; }

    public required string UserId { get; init; }

    /// <summary>More than zero.</summary>
    public required Money Amount { get; init; }

    public required string Currency { get; init; }
}
