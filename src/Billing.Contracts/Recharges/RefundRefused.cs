namespace Billing.Contracts;

/// <summary>The ledger cannot take a refund, however often it is asked.</summary>
public sealed record RefundRefused
{
    public required Guid RechargeId { get; init; }

    public required string RefundId { get; init; }

    /// <summary>One of <see cref="ErrorCodes"/>.</summary>
    public required string Code { get; init; }

    public required string Detail { get; init; }
}
