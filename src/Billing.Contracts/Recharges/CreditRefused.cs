namespace Billing.Contracts;

/// <summary>The ledger cannot credit a recharge, however often it is asked.</summary>
public sealed record CreditRefused
{
    public required Guid RechargeId { get; init; }

    /// <summary>One of <see cref="ErrorCodes"/>.</summary>
    public required string Code { get; init; }

    public required string Detail { get; init; }
}
