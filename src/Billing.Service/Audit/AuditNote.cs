namespace Billing.Service.Audit;

/// <summary>Something an operator may want to know that breaks no promise.</summary>
public sealed record AuditNote(string Name, long Count);
