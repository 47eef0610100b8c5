using Billing.Service.Audit;
using Billing.Service.Charging;
using Billing.TestSupport.Ledger;

namespace Billing.TestSupport.Queries;

/// <summary>Roll-ups are what is read where the account has them, and say what its records say.</summary>
public abstract partial class StatisticsCompliance
{
    [Fact]
    public async Task Whole_quarters_of_an_hour_are_read_from_roll_ups_and_the_ends_of_a_range_from_records()
    {
        var history = new History(Ledger, Ids.User("damaged"));
        await history.Add([.. Minutes(At("2026-06-15T00:00:00Z"), At("2026-06-15T02:00:00Z"))]);
        var request = new GetStatistics { UserId = history.UserId, From = At("2026-06-15T00:00:00Z"), To = At("2026-06-15T02:00:00Z") };
        Assert.Equal(120, (await Get(request)).Total!.Usages);

        const string Damage = "update usage_rollup set usages = usages + $3 where account_id = (select account_id from account where user_id = $1) and bucket = $2";
        Assert.Equal(1, await Ledger.Execute(Damage, history.UserId, At("2026-06-15T01:00:00Z"), -5));

        Assert.Equal(115, (await Get(request)).Total!.Usages);
        Assert.Equal([60, 55], (await Get(request with { GroupBy = ["hour"] })).Items.Select(item => item.Usages));
        Assert.Equal(60 + 9, (await Get(request with { To = At("2026-06-15T01:09:00Z") })).Total!.Usages);
        Assert.Equal(59 - 7, (await Get(request with { From = At("2026-06-15T01:08:00Z") })).Total!.Usages);
        Assert.Contains((await RollUpsAudited()).Examples, example => example.Contains(history.UserId) && example.Contains("the roll-up says 10 usages"));

        await Ledger.Execute(Damage, history.UserId, At("2026-06-15T01:00:00Z"), 5);
        Assert.Equal(0, (await RollUpsAudited()).Violations);
    }

    [Fact]
    public async Task A_zone_whose_hours_cut_quarters_apart_is_answered_from_records()
    {
        // Until 1972 the clocks of Monrovia were 44 minutes and a half behind.
        const string Zone = "Africa/Monrovia";
        var history = new History(Ledger, Ids.User("monrovia"));
        await history.Add([.. Minutes(At("1971-06-15T00:00:00Z"), At("1971-06-15T05:00:00Z"))]);
        var request = new GetStatistics { UserId = history.UserId, TimeZone = Zone, GroupBy = ["hour"] };

        var answer = await Get(request);

        Assert.NotEqual(0, answer.Items[1].From!.Value.ToUniversalTime().Minute % 15);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(Zone);
        Assert.Equal(Ordered(RawScan.Of(history.Records, request, zone)), Ordered(RawScan.Of(answer.Items, request, zone)));
    }

    [Fact]
    public async Task An_account_has_roll_ups_once_it_has_many_records_and_not_before()
    {
        var (user, writer) = (Ids.User("grows"), Ledger.NewWriter());
        var now = Ledger.Now;
        var usages = Enumerable.Range(0, (int)RollUps.EntriesMin + 10).Select(number => TestUsage.Of(user, number % 2 == 0 ? TestCatalogue.Image : TestCatalogue.Search, 1 + number % 3) with
        {
            // Late by up to a day.
            OccurredAt = new DateTimeOffset(now.UtcTicks - now.UtcTicks % 10, TimeSpan.Zero).AddMinutes(-number),
        }).ToArray();
        var (before, crossing, after) = (usages[..980], usages[980..1_003], usages[1_003..]);

        await writer.Apply([.. before.Select(usage => usage.ToCharge()), GiveBack(before[7]), GiveBack(before[501])], default);
        Assert.Equal((0, 0), (await RolledUp(), (await RollUpsAudited()).Violations));

        await writer.Apply([.. crossing.Select(usage => usage.ToCharge()), GiveBack(before[11]), GiveBack(crossing[1]), GiveBack(before[7])], default);
        Assert.Equal((crossing.Length + before.Length, 0), (await RolledUp(), (await RollUpsAudited()).Violations));

        await writer.Apply([.. after.Select(usage => usage.ToCharge()), GiveBack(before[9]), GiveBack(after[2]), after[0].ToCharge(), GiveBack(before[11])], default);
        Assert.Equal((usages.Length, 0), (await RolledUp(), (await RollUpsAudited()).Violations));

        var total = (await Get(new GetStatistics { UserId = user })).Total!;
        Assert.Equal((usages.Length, usages.Sum(usage => usage.Quantity), 6), (total.Usages, total.Units, total.ReversedUsages));
        // All of them searches, of which none is free.
        var reversed = new[] { before[7], before[501], before[11], crossing[1], before[9], after[2] };
        Assert.Equal(reversed.Sum(usage => usage.Quantity * TestCatalogue.Of(usage.Service).AmountNanos!.Value), total.ReversedAmount.Nanos);

        GiveBackUsage GiveBack(TestUsage usage) => new(usage.UsageId, user, "eve", "a test");

        Task<long> RolledUp() => Ledger.Count("select coalesce(sum(usages), 0) from usage_rollup where account_id = (select account_id from account where user_id = $1)", user);
    }

    [Fact]
    public async Task Amounts_that_need_more_than_64_bits_are_rolled_up_as_they_are()
    {
        var history = new History(Ledger, Ids.User("wide"));
        await history.Add(Enumerable.Range(0, 5).Select(number => Rich(number)));
        await history.Add(Enumerable.Range(5, 5).Select(number => Rich(number)));
        await history.Reverse(history.Records.Take(3).Select(record => record.UsageId).ToList());

        Assert.Equal(0, (await RollUpsAudited()).Violations);
        // What is asked of one service and quarter is refused, and beside it nothing is in the way.
        Assert.Equal(ErrorCodes.AmountOverflow, (await Ask(new GetStatistics { UserId = history.UserId })).Code);
        Assert.Equal(0, (await Get(new GetStatistics { UserId = history.UserId, Service = TestCatalogue.Chat })).Total!.Usages);

        static History.Call Rich(int number) =>
            new(At("2026-06-15T00:00:00Z").AddSeconds(number)) { Cost = new Money(long.MaxValue), Amount = new Money(long.MaxValue) };
    }

    async Task<(long Violations, IReadOnlyList<string> Examples)> RollUpsAudited()
    {
        var rollUps = (await AuditRun.Execute(Ledger.Database, publishedFile: null, default)).Invariants.Single(invariant => invariant.Name == "roll-ups");
        return (rollUps.Violations, rollUps.Examples);
    }

    static IEnumerable<DateTimeOffset> Minutes(DateTimeOffset from, DateTimeOffset to)
    {
        for (var time = from; time < to; time = time.AddMinutes(1)) yield return time;
    }
}
