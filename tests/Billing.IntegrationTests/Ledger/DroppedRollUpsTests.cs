using Billing.Service.Audit;
using Billing.Service.Charging;
using Billing.Service.Queries;
using Billing.TestSupport.Ledger;

namespace Billing.IntegrationTests.Ledger;

/// <summary>Roll-ups outlive the records of a day that somebody drops without carrying them forward, and the audit says so. In a database of its own.</summary>
[Collection(ServersCollection.Name)]
public sealed class DroppedRollUpsTests(PostgresLedger postgres) : IClassFixture<PostgresLedger>
{
    readonly PostgresLedgerUnderTest _ledger = postgres.Ledger;

    [Fact]
    public async Task What_a_dropped_day_added_up_to_is_still_known()
    {
        var (user, now) = (Ids.User("old"), _ledger.Now);
        var old = new DateTimeOffset(now.UtcTicks - now.UtcTicks % TimeSpan.TicksPerDay, TimeSpan.Zero).AddDays(-20).AddHours(12);
        var usages = Enumerable.Range(0, 1_100).Select(number => TestUsage.Of(user) with { UsageId = Ids.WithTime(old), OccurredAt = old.AddSeconds(number) }).ToArray();
        await _ledger.NewWriter().Apply([.. usages.Select(usage => usage.ToCharge()), TestUsage.Of(user).ToCharge()], default);

        await _ledger.Execute($"drop table usage_record_{old.UtcDateTime:yyyyMMdd}");

        Assert.Equal(1, await _ledger.Count("select count(*) from usage_record where account_id = (select account_id from account where user_id = $1)", user));
        Assert.Null(TimeRange.Of(null, null, out var all));
        await using var snapshot = (await _ledger.NewReaders().Statistics.Open(user, default))!;
        Assert.Equal(RollUps.BucketOf(old), (await snapshot.Extent(all, default))!.Value.First);
        Assert.Equal(1_101, Assert.Single(await snapshot.Sum(all, null, [], default)).Sums.Usages);
        var report = await AuditRun.Execute(_ledger.Database, publishedFile: null, default);
        Assert.Equal(["conservation", "running chain", "roll-ups"], report.Invariants.Where(invariant => invariant.Violations > 0).Select(invariant => invariant.Name));
    }
}
