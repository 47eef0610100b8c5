namespace Billing.Contracts;

/// <summary>How much usage was rejected for one reason.</summary>
public sealed record RejectedUsageCount
{
    /// <summary>One of <see cref="ErrorCodes"/>.</summary>
    public required string Reason { get; init; }

    public required long Rejected { get; init; }

    /// <summary>Those among them that no retry has settled.</summary>
    public required long Open { get; init; }
}
