namespace Billing.Contracts;

/// <summary>The payment service has a payment ready for a recharge.</summary>
public sealed record PaymentCreated
{
    public required Guid RechargeId { get; init; }

    /// <summary>The payment service's own id, 1 to 128 characters of a name.</summary>
    public required string PaymentId { get; init; }

    /// <summary>Where the user pays: an absolute http or https URL of at most 2,000 characters.</summary>
    public required string PayUrl { get; init; }
}
