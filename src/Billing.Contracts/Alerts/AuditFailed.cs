namespace Billing.Contracts;

/// <summary>The nightly audit found an invariant of the ledger violated. Told once for each invariant, and again only after an audit found it holding.</summary>
public sealed record AuditFailed
{
    /// <summary>The invariant, such as "conservation".</summary>
    public required string Invariant { get; init; }

    /// <summary>How many things are wrong.</summary>
    public required long Violations { get; init; }

    /// <summary>One of them, with its key.</summary>
    public required string Example { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }
}
