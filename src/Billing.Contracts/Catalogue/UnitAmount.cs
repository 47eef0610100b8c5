namespace Billing.Contracts;

/// <summary>An amount per a number of units, such as 0.15 per 1,000.</summary>
public sealed record UnitAmount
{
    /// <summary>Zero or more.</summary>
    public required Money Amount { get; init; }

    /// <summary>1 to 1,000,000,000.</summary>
    public long PerUnits { get; init; } = 1;
}
