namespace Billing.Service.Audit;

/// <summary>What the audit found, as of one moment of the database.</summary>
public sealed record AuditReport(IReadOnlyList<InvariantResult> Invariants, IReadOnlyList<AuditNote> Notes)
{
    public bool Holds => Invariants.All(invariant => invariant.Violations == 0);
}
