namespace Billing.Contracts;

/// <summary>One thing that an act changed, as it was and as it is since.</summary>
public sealed record OperatorActChange
{
    /// <summary>What changed, such as "balance" or "overdraftLimit".</summary>
    public required string Name { get; init; }

    /// <summary>Absent: there was none.</summary>
    public string? Before { get; init; }

    /// <summary>Absent: there is none any more.</summary>
    public string? After { get; init; }
}
