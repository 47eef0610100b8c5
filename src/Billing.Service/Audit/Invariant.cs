namespace Billing.Service.Audit;

/// <summary>
/// Something that must be true of the whole ledger, as plain SQL. A new one is one class in <c>Invariants</c> and one line in
/// <see cref="AllInvariants"/>. Its arithmetic is its own, never the engine's, so that one mistake cannot hide in both.
/// </summary>
sealed record Invariant
{
    public required string Name { get; init; }

    /// <summary>What the rows looked at are, in the plural.</summary>
    public required string Counted { get; init; }

    /// <summary>A statement that counts them.</summary>
    public required string Count { get; init; }

    /// <summary>Statements with one text column, a row for each violation: the key, then what is wrong.</summary>
    public required IReadOnlyList<string> Violations { get; init; }
}
