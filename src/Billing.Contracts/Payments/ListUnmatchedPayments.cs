namespace Billing.Contracts;

/// <summary>Payments and refunds that belong to no recharge as ordered, oldest first. Answered by <see cref="UnmatchedPaymentList"/>.</summary>
public sealed record ListUnmatchedPayments
{
    /// <summary>Also those that were resolved.</summary>
    public bool Resolved { get; init; }

    /// <summary>1 to 500.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>Where the page before this one ended.</summary>
    public string? Cursor { get; init; }
}
