namespace Billing.Contracts;

/// <summary>How much usage was rejected, for each reason. Answered by <see cref="RejectedUsageCounts"/>.</summary>
public sealed record CountRejectedUsage
{
    /// <summary>Only one user's.</summary>
    public string? UserId { get; init; }
}
