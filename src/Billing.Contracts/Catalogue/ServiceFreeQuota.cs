namespace Billing.Contracts;

/// <summary>One version of a service's free quota.</summary>
public sealed record ServiceFreeQuota
{
    public required long Version { get; init; }

    /// <summary>Free units per user and calendar month.</summary>
    public required long FreeUnits { get; init; }

    /// <summary>Its first month, such as "2027-01", until the next version's.</summary>
    public required string FromMonth { get; init; }
}
