using Billing.FaultTests.Harness.Recharges;
using Microsoft.Data.Sqlite;

namespace Billing.FaultTests.Harness;

/// <summary>The service on its embedded default: a SQLite file, and the HTTP door.</summary>
sealed class EmbeddedStack(ITestOutputHelper output) : Stack(output)
{
    protected override IEnumerable<KeyValuePair<string, string>> Settings => [new("Billing__DataFile", DataFile)];

    string DataFile => Path.Combine(Folder, "billing.db");

    public override ILoad StartLoad() => new HttpLoad(Service.Address, Traffic, Journal);

    public override async Task Send(params IReadOnlyList<IReadOnlyList<SentUsage>> groups)
    {
        using var http = new HttpClient { BaseAddress = Service.Address };
        foreach (var group in groups) await HttpLoad.Send(http, Journal, group);
    }

    // An HTTP answer comes after the commit: when the load has ended nothing is under way.
    protected override Task<bool> IsQuiet() => Task.FromResult(true);

    // Its cache is in the process, and ends with it.
    protected override Task<int> CacheDiffers() => Task.FromResult(0);

    protected override Task<(long Stuck, long Errors)> LeftInQueues() => Task.FromResult((0L, 0L));

    protected override async Task<(long Records, long Rejected)> CountRows()
    {
        await using var connection = Open();
        return await LedgerReader.Count(connection, LedgerReader.SqliteSchema);
    }

    public override async Task Age(int days)
    {
        await using var connection = Open();
        await OldUsage.Execute(connection, OldUsage.OnSqlite(days));
    }

    public override IPaymentService StartPaymentService() => new PaymentOverHttp(Service.Address);

    protected override async Task<RechargeVerdict> ReadRecharges()
    {
        await using var connection = Open();
        return await RechargeRows.Read(connection, postgres: false);
    }

    protected override async Task<LedgerRows> ReadLedger()
    {
        await using var connection = Open();
        return await LedgerReader.Read(connection, LedgerReader.SqliteSchema);
    }

    SqliteConnection Open()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = DataFile, Pooling = false, DefaultTimeout = 10 }.ToString());
        connection.Open();
        return connection;
    }
}
