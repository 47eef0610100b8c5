namespace Billing.Contracts;

/// <summary>Gives a charged usage back: free units and money to exactly where they came from, once. Answered by <see cref="UsageReversal"/>.</summary>
public sealed record ReverseUsage
{
    /// <summary>The usage to give back. It is the id of the reversal, too: a repeat returns the stored result.</summary>
    public required Guid UsageId { get; init; }

    /// <summary>Whom it was charged to.</summary>
    public required string UserId { get; init; }

    /// <summary>Who did it, 1 to 128 characters: a person, or a gateway whose call failed.</summary>
    public required string Actor { get; init; }

    /// <summary>Why, 1 to 500 characters.</summary>
    public required string Reason { get; init; }
}
