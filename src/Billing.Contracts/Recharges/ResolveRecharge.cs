namespace Billing.Contracts;

/// <summary>An operator's decision on a recharge in "needs_review". Answered by <see cref="RechargeStatus"/>; a repeat by the state that it led to.</summary>
public sealed record ResolveRecharge
{
    public required Guid RechargeId { get; init; }

    /// <summary>What the account is to be credited: more than zero and no more than was paid. Absent: nothing, the recharge is closed.</summary>
    public Money? Credit { get; init; }

    /// <summary>Who decided, 1 to 128 characters.</summary>
    public required string Actor { get; init; }

    /// <summary>Why, 1 to 500 characters.</summary>
    public required string Reason { get; init; }
}
