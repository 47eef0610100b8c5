namespace Billing.Contracts;

/// <summary>A recharge cannot be paid. A success that comes before or after it wins.</summary>
public sealed record PaymentFailed
{
    public required Guid RechargeId { get; init; }

    public string? PaymentId { get; init; }

    /// <summary>The payment service's word for it, at most 200 characters.</summary>
    public string? Reason { get; init; }
}
