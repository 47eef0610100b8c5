namespace Billing.Contracts;

/// <summary>
/// Asks the payment service how a recharge's payment stands, since notifications get lost. Answered by publishing again whatever is
/// true: <see cref="PaymentSucceeded"/>, <see cref="PaymentFailed"/> or, while it can still be paid, <see cref="PaymentCreated"/>.
/// </summary>
public sealed record QueryPayment
{
    public required Guid RechargeId { get; init; }

    /// <summary>The payment service's id, if it has named one.</summary>
    public string? PaymentId { get; init; }
}
