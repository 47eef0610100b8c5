namespace Billing.Contracts;

/// <summary>One act of the append-only log.</summary>
public sealed record OperatorActLine
{
    /// <summary>"adjust_balance", "reverse_usage", "set_overdraft", "charge_rejected", "retry_rejected", or a kind that came later.</summary>
    public required string Kind { get; init; }

    /// <summary>The caller's id, or one that follows from it. An act is in the log once by kind and id.</summary>
    public required Guid OperationId { get; init; }

    /// <summary>Whose account it was done to. Absent for what concerns no account.</summary>
    public string? UserId { get; init; }

    /// <summary>What else it was done to, such as a usage id.</summary>
    public string? Subject { get; init; }

    public required string Actor { get; init; }
    public required string Reason { get; init; }

    /// <summary>What it changed. Empty for acts from before the log was kept: what those changed stands in the ledger under the same id.</summary>
    public IReadOnlyList<OperatorActChange> Changes { get; init; } = [];

    public required DateTimeOffset ActedAt { get; init; }
}
