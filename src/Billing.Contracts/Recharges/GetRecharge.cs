namespace Billing.Contracts;

/// <summary>One recharge as of now. Answered by <see cref="RechargeStatus"/>; an unknown one is "recharge_not_found".</summary>
public sealed record GetRecharge
{
    public required Guid RechargeId { get; init; }
}
