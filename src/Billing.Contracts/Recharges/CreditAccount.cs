namespace Billing.Contracts;

/// <summary>Tells the ledger that a recharge was paid. Once by the recharge's id. Answered by <see cref="AccountCredited"/> or <see cref="CreditRefused"/>.</summary>
public sealed record CreditAccount
{
    public required Guid RechargeId { get; init; }

    /// <summary>The user of the recharge, not of the payment's notification.</summary>
    public required string UserId { get; init; }

    public required Money Amount { get; init; }

    public required string Currency { get; init; }
}
