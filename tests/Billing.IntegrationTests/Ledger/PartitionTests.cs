using Billing.TestSupport.Ledger;

namespace Billing.IntegrationTests.Ledger;

/// <summary>One partition of usage_record for each day, made ahead of time.</summary>
[Collection(ServersCollection.Name)]
public sealed class PartitionTests(PostgresLedger postgres) : IClassFixture<PostgresLedger>
{
    readonly PostgresLedgerUnderTest _ledger = postgres.Ledger;

    [Fact]
    public async Task Days_are_made_for_all_usage_that_may_come_and_for_the_days_ahead()
    {
        var now = _ledger.Now;
        foreach (var day in Enumerable.Range(-36, 36 + 14 + 1).Select(offset => now.AddDays(offset)))
            Assert.Equal(1, await _ledger.Count("select count(*) from pg_class where relname = $1", Partition(day)));
    }

    [Fact]
    public async Task Records_lie_in_the_partition_of_their_day_and_none_in_the_default()
    {
        var auditor = new Auditor(_ledger.Database);
        var times = Enumerable.Range(0, 35).Select(days => _ledger.Now.AddDays(-days)).ToArray();
        var usages = times.Select(time => auditor.Charged(TestUsage.Of(Ids.User("day")) with { UsageId = Ids.WithTime(time), OccurredAt = time.AddTicks(-(time.Ticks % 10)) })).ToArray();
        await _ledger.NewWriter().Apply([.. usages.Select(usage => usage.ToCharge())], default);

        for (var i = 0; i < times.Length; i++)
            Assert.Equal(1, await _ledger.Count($"select count(*) from {Partition(times[i])} where usage_id = $1", usages[i].UsageId));
        Assert.Equal(0, await _ledger.Count("select count(*) from usage_record_default"));
        await auditor.Check();
    }

    [Fact]
    public async Task Making_them_again_or_by_several_at_once_does_no_harm()
    {
        var nextWeek = _ledger.Now.AddDays(7);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _ledger.Database.Prepare(nextWeek, default)));
        await _ledger.Database.Prepare(nextWeek, default);
        Assert.Equal(1, await _ledger.Count("select count(*) from pg_class where relname = $1", Partition(nextWeek.AddDays(14))));
    }

    static string Partition(DateTimeOffset day) => $"usage_record_{day.UtcDateTime:yyyyMMdd}";
}
