namespace Billing.Tests.Audit;

public sealed class SqliteAuditTests : AuditSuite
{
    protected override Task<AuditedLedger> Open() => Task.FromResult<AuditedLedger>(new SqliteAuditedLedger());
}
