namespace Billing.Contracts;

/// <summary>Money of a payment went back to the payer, in part or whole. Taken from the balance once by refund id, never more than was credited.</summary>
public sealed record PaymentRefunded
{
    public required Guid RechargeId { get; init; }

    public required string PaymentId { get; init; }

    /// <summary>The payment service's own id of this refund, 1 to 128 characters of a name.</summary>
    public required string RefundId { get; init; }

    /// <summary>More than zero.</summary>
    public required Money Amount { get; init; }

    public required string Currency { get; init; }
}
