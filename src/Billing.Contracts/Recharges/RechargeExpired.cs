namespace Billing.Contracts;

/// <summary>A recharge was not paid in time.</summary>
public sealed record RechargeExpired
{
    public required Guid RechargeId { get; init; }

    public required string UserId { get; init; }

    public required DateTimeOffset ExpiredAt { get; init; }
}
