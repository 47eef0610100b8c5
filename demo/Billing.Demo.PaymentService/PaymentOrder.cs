namespace Billing.Demo.Payments;

/// <summary>A payment that is asked for: the fields of <c>CreatePayment</c>.</summary>
public sealed record PaymentOrder
{
    public required Guid RechargeId { get; init; }
    public required string UserId { get; init; }

    /// <summary>A decimal string, as on the wire.</summary>
    public required string Amount { get; init; }

    public required string Currency { get; init; }
    public required string Channel { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
}
