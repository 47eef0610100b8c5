namespace Billing.Service.Audit;

/// <param name="Name">The invariant, such as "conservation".</param>
/// <param name="Rows">How many of <paramref name="Counted"/> were looked at.</param>
/// <param name="Counted">What the rows are, such as "accounts".</param>
/// <param name="Violations">How many things are wrong.</param>
/// <param name="Examples">The first few of them, each with its key and what is wrong.</param>
/// <param name="Milliseconds">How long it took.</param>
public sealed record InvariantResult(string Name, long Rows, string Counted, long Violations, IReadOnlyList<string> Examples, long Milliseconds);
