namespace Billing.Contracts;

/// <summary>A user's recharges, newest first. Answered by <see cref="RechargeList"/>.</summary>
public sealed record ListRecharges
{
    public required string UserId { get; init; }

    /// <summary>One of <see cref="RechargeStates"/>; absent: all.</summary>
    public string? State { get; init; }

    /// <summary>1 to 500.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>Where the page before this one ended: its <see cref="RechargeList.NextCursor"/>.</summary>
    public string? Cursor { get; init; }
}
