using Billing.Service.Charging;
using Billing.TestSupport.Ledger;

namespace Billing.IntegrationTests.Ledger;

/// <summary>An old day leaves by dropping its partition. In a database of its own, since the day takes all that lies in it along.</summary>
[Collection(ServersCollection.Name)]
public sealed class DroppedDayTests(PostgresLedger postgres) : IClassFixture<PostgresLedger>
{
    readonly PostgresLedgerUnderTest _ledger = postgres.Ledger;

    [Fact]
    public async Task A_dropped_day_leaves_the_rest()
    {
        var auditor = new Auditor(_ledger.Database);
        var (old, recent) = (_ledger.Now.AddDays(-34.5), _ledger.Now);
        var gone = TestUsage.Of(Ids.User("gone")) with { UsageId = Ids.WithTime(old), OccurredAt = old.AddTicks(-(old.Ticks % 10)) };
        var kept = auditor.Charged(TestUsage.Of(Ids.User("kept")));
        await _ledger.NewWriter().Apply([gone.ToCharge(), kept.ToCharge()], default);

        await _ledger.Execute($"drop table {Partition(old)}");
        Assert.True(Assert.IsType<Charged>((await _ledger.NewWriter().Apply([kept.ToCharge()], default))[0]).Duplicate);
        Assert.Equal(1, await _ledger.Count("select count(*) from usage_record where usage_id = $1", kept.UsageId));
        Assert.Equal(0, await _ledger.Count("select count(*) from usage_record where usage_id = $1", gone.UsageId));
        Assert.Equal(1, await _ledger.Count("select count(*) from pg_class where relname = $1", Partition(recent)));

        // The balance keeps what the dropped day had charged; without its record the account no longer adds up, so it is emptied.
        await _ledger.Database.Prepare(_ledger.Now, default);
        Assert.Equal(-2_000_000, await _ledger.Count("select balance_nanos from account where user_id = $1", gone.UserId));
        await _ledger.Execute("update account set balance_nanos = 0, last_entry_number = 0 where user_id = $1", gone.UserId);
        await auditor.Check();
    }

    static string Partition(DateTimeOffset day) => $"usage_record_{day.UtcDateTime:yyyyMMdd}";
}
