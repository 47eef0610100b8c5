namespace Billing.Contracts;

/// <summary>
/// Asks the payment service for a payment. It comes at least once: the recharge's id is its key, and a repeat means the same payment.
/// Answered by <see cref="PaymentCreated"/> or <see cref="PaymentFailed"/>.
/// </summary>
public sealed record CreatePayment
{
    public required Guid RechargeId { get; init; }

    public required string UserId { get; init; }

    public required Money Amount { get; init; }

    public required string Currency { get; init; }

    /// <summary>How the user wants to pay.</summary>
    public required string Channel { get; init; }

    /// <summary>The recharge expires then; a payment that succeeds later is credited all the same.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
