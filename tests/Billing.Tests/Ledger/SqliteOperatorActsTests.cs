using Billing.TestSupport.Ledger;

namespace Billing.Tests.Ledger;

public sealed class SqliteOperatorActsTests : OperatorActsCompliance
{
    protected override async Task<LedgerUnderTest> OpenLedger()
    {
        var ledger = new SqliteLedgerUnderTest();
        await ledger.Prepare();
        return ledger;
    }

    protected override ValueTask CloseLedger() => Ledger.DisposeAsync();

    [Fact]
    public async Task A_row_of_the_log_cannot_be_replaced_either()
    {
        await Ledger.Execute("insert into operator_act (kind, operation_id, actor, reason, detail, acted_at) values ('a_test', 'a', 'eve', 'first', '[]', 0)");

        await Assert.ThrowsAnyAsync<Exception>(() =>
            Ledger.Execute("insert or replace into operator_act (kind, operation_id, actor, reason, detail, acted_at) values ('a_test', 'a', 'eve', 'second', '[]', 0)"));
        await Assert.ThrowsAnyAsync<Exception>(() =>
            Ledger.Execute("insert or replace into operator_act (act_id, kind, operation_id, actor, reason, detail, acted_at) values (1, 'a_test', 'b', 'eve', 'second', '[]', 0)"));
        Assert.Equal(1, await Ledger.Count("select count(*) from operator_act where reason = 'first'"));
    }
}
