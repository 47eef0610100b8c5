using Billing.TestSupport.Ledger;

namespace Billing.IntegrationTests.Ledger;

[Collection(ServersCollection.Name)]
public sealed class PostgresOperatorActsTests(PostgresLedger postgres) : OperatorActsCompliance, IClassFixture<PostgresLedger>
{
    protected override Task<LedgerUnderTest> OpenLedger() => Task.FromResult<LedgerUnderTest>(postgres.Ledger);

    protected override ValueTask CloseLedger() => postgres.Ledger.CloseStores();

    [Fact]
    public async Task The_log_cannot_be_emptied_either() =>
        Assert.Contains("operator_act only grows", (await Assert.ThrowsAnyAsync<Exception>(() => Ledger.Execute("truncate operator_act"))).Message);
}
