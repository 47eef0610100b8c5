using Billing.Service.Audit;
using Billing.Service.Charging;
using Billing.Service.Ledger;
using Billing.Service.Queries;
using Billing.TestSupport.Ledger;

namespace Billing.TestSupport.Retention;

/// <summary>What becomes of the ledger when old records leave it, whatever database is below it. Each test has a ledger of its own.</summary>
public abstract partial class RetirementCompliance : IAsyncLifetime
{
    protected LedgerUnderTest Ledger { get; private set; } = null!;

    /// <summary>Noon of a day that is long over, in the middle of a month.</summary>
    protected DateTimeOffset Past { get; private set; }

    /// <summary>Everything before is retired.</summary>
    protected DateOnly Limit { get; private set; }

    protected LedgerWriter Writer { get; private set; } = null!;

    protected abstract Task<LedgerUnderTest> OpenLedger();

    public async Task InitializeAsync()
    {
        Ledger = await OpenLedger();
        Writer = Ledger.NewWriter();
        var month = new DateOnly(Ledger.Now.Year, Ledger.Now.Month, 1).AddMonths(-6);
        Past = new DateTimeOffset(month.AddDays(14), new TimeOnly(12, 0), TimeSpan.Zero);
        Limit = month.AddMonths(2);
    }

    public async Task DisposeAsync() => await Ledger.DisposeAsync();

    [Fact]
    public async Task What_retired_records_took_is_carried_forward_and_everything_adds_up_as_before()
    {
        var user = Ids.User("kept");
        var split = Old(user, TestCatalogue.Image, 7);
        var reversed = Old(user, TestCatalogue.Image, 2) with { UsageId = Ids.WithoutTime() };
        var untimed = Old(user, TestCatalogue.Search, 3) with { UsageId = Ids.WithoutTime() };
        await InThePast(0, new CreditRecharge(Ids.WithTime(), user, Money.Parse("5.00")), split.ToCharge(), reversed.ToCharge());
        await InThePast(1, new GiveBackUsage(reversed.UsageId, user, "eve", "a test"), untimed.ToCharge());
        var recent = TestUsage.Of(user, TestCatalogue.Image, 4);
        await Charge(recent, TestUsage.Of(Ids.User("other")));
        await AuditHolds();
        var before = await Statistics(user);
        var balance = await Balance(user);

        var retired = await Retire();

        Assert.Equal(3, retired.Records);
        await AuditHolds();
        Assert.Equal((balance, 1L), (await Balance(user), await Records(user)));
        Assert.Equal(before, await Statistics(user));
        await Charge(TestUsage.Of(user, TestCatalogue.Image, 9));
        Assert.True(Assert.IsType<Charged>((await Writer.Apply([recent.ToCharge()], default))[0]).Duplicate);
        Assert.False(Assert.IsType<Entered>((await Writer.Apply([new GiveBackUsage(recent.UsageId, user, "eve", "a test")], default))[0]).Duplicate);
        await AuditHolds();
        Assert.Equal(0, (await Retire()).Records);
    }

    [Fact]
    public async Task Records_of_days_that_are_kept_stay()
    {
        var user = Ids.User("bound");
        var last = new DateTimeOffset(Limit.AddDays(-1), new TimeOnly(23, 59), TimeSpan.Zero);
        await InThePast(last, TestUsage.Of(user) with { UsageId = Ids.WithTime(last), OccurredAt = last }, TestUsage.Of(user) with { UsageId = Ids.WithoutTime(), OccurredAt = last });
        var first = last.AddMinutes(1);
        // Late: it occurred before the limit, and its day is the day of its charge.
        await InThePast(first, TestUsage.Of(user) with { UsageId = Ids.WithTime(first), OccurredAt = first }, TestUsage.Of(user) with { UsageId = Ids.WithoutTime(), OccurredAt = last.AddDays(-20) });

        Assert.Equal(2, (await Retire()).Records);

        Assert.Equal(2, await Records(user));
        await AuditHolds();
    }

    [Fact]
    public async Task An_account_that_passes_a_thousand_later_has_roll_ups_of_what_was_retired_too()
    {
        var user = Ids.User("grows");
        await InThePast(0, [.. Enumerable.Range(0, 600).Select(number => Old(user, number % 2 == 0 ? TestCatalogue.Search : TestCatalogue.Image, 1, number))]);
        // Of one quarter of an hour, one usage is retired and one that came late is kept.
        var late = new DateTimeOffset(Limit.AddDays(-20), new TimeOnly(12, 0), TimeSpan.Zero);
        await InThePast(late, TestUsage.Of(user) with { UsageId = Ids.WithTime(late), OccurredAt = late });
        await InThePast(new DateTimeOffset(Limit, TimeOnly.MinValue, TimeSpan.Zero), TestUsage.Of(user) with { UsageId = Ids.WithoutTime(), OccurredAt = late });
        Assert.Equal(601, (await Retire()).Records);
        Assert.Equal(602, (await Statistics(user)).Usages);
        await Charge([.. Enumerable.Range(0, 390).Select(_ => TestUsage.Of(user))]);
        await AuditHolds();

        await Charge([.. Enumerable.Range(0, 20).Select(_ => TestUsage.Of(user))]);

        Assert.Equal(1_012, (await Statistics(user)).Usages);
        Assert.Equal(1_012, await Ledger.Count("select sum(usages) from usage_rollup"));
        await AuditHolds();
    }

    [Fact]
    public async Task An_account_with_many_records_keeps_its_roll_ups_and_bounded_transactions_retire_them_all()
    {
        var user = Ids.User("many");
        var usages = Enumerable.Range(0, 4_500).Select(number => Old(user, TestCatalogue.Search, 1, number / 5)).ToArray();
        await InThePast(0, usages);
        await InThePast(1, new GiveBackUsage(usages[17].UsageId, user, "eve", "a test"));
        await Charge(TestUsage.Of(user));
        var before = await Statistics(user);

        Assert.Equal(4_500, (await Retire()).Records);

        Assert.Equal(1, await Records(user));
        Assert.Equal(before, await Statistics(user));
        Assert.Equal((4_501, 1L), (before.Usages, before.ReversedUsages));
        await AuditHolds();
    }

    [Fact]
    public async Task An_account_of_which_every_record_is_retired_still_adds_up()
    {
        var (user, free) = (Ids.User("gone"), Ids.User("free"));
        await InThePast(0, Old(user, TestCatalogue.Search, 5), Old(free, TestCatalogue.Image, 5));

        await Retire();

        await AuditHolds();
        Assert.Equal((-10_000_000L, 0L), (await Balance(user), await Balance(free)));
        await Charge(TestUsage.Of(user), TestUsage.Of(free, TestCatalogue.Image, 5));
        await AuditHolds();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_usage_whose_record_was_retired_is_refused_when_it_comes_again(bool idCarriesTime)
    {
        var user = Ids.User("again");
        var usage = Old(user, TestCatalogue.Search, 5) with { UsageId = idCarriesTime ? Ids.WithTime(Past) : Ids.WithoutTime() };
        await InThePast(0, usage);
        await Retire();

        var outcomes = await Writer.Apply([usage.ToCharge(), usage.ToDeduction(Ledger.Now.AddMinutes(1))], default);

        Assert.All(outcomes, outcome => Assert.Equal(ErrorCodes.UsageTooOld, Assert.IsType<Refused>(outcome).Code));
        if (idCarriesTime)
            Assert.Equal(ErrorCodes.InvalidUsageId, Assert.IsType<Refused>((await Writer.Apply([(usage with { OccurredAt = TestUsage.Of(user).OccurredAt }).ToCharge()], default))[0]).Code);
        Assert.Equal((-10_000_000L, 0L), (await Balance(user), await Records(user)));
        await AuditHolds();
    }

    [Fact]
    public async Task A_retired_usage_is_not_given_back_and_one_that_was_before_is_answered_as_then()
    {
        var user = Ids.User("back");
        var before = Old(user, TestCatalogue.Image, 7);
        var (timed, untimed) = (Old(user, TestCatalogue.Search, 1), Old(user, TestCatalogue.Search, 1) with { UsageId = Ids.WithoutTime() });
        await InThePast(0, before, timed, untimed);
        var stored = Assert.IsType<Entered>((await Writer.Apply([GiveBack(before)], default))[0]);
        Assert.Equal((5, Money.Parse("0.08")), (stored.FreeUnits, stored.Entry.Amount));

        await Retire();

        var outcomes = await Writer.Apply([GiveBack(before), GiveBack(timed), GiveBack(untimed), new GiveBackUsage(timed.UsageId, Ids.User("else"), "eve", "a test")], default);
        Assert.Equal(stored with { Duplicate = true }, outcomes[0]);
        Assert.Equal([ErrorCodes.UsageRetired, ErrorCodes.UsageNotFound, ErrorCodes.UsageRetired], outcomes[1..].Select(outcome => Assert.IsType<Refused>(outcome).Code));
        await AuditHolds();

        GiveBackUsage GiveBack(TestUsage usage) => new(usage.UsageId, user, "eve", "a test");
    }

    [Fact]
    public async Task Pages_say_what_is_not_there_any_more()
    {
        var user = Ids.User("pages");
        var readers = Ledger.NewReaders();
        var (records, entries) = (new RecordAnswers(readers.Records, Ledger.NewStore(), Ledger.Rules), new LedgerAnswers(readers.Records, Ledger.NewStore(), Ledger.Rules));
        var usages = new[] { Old(user, TestCatalogue.Search, 5, 30), Old(user, TestCatalogue.Search, 2, 0) };
        await InThePast(0, usages);
        await Charge(TestUsage.Of(user));
        Assert.Null((await records.List(new ListRecords { UserId = user }, default)).CarriedForward);

        await Retire();

        var page = await records.List(new ListRecords { UserId = user }, default);
        Assert.Single(page.Items);
        Assert.Equal(new CarriedForward { Usages = 2, Amount = Money.Parse("0.014"), Until = usages[0].OccurredAt }, page.CarriedForward);
        Assert.Equal(page.CarriedForward, (await entries.List(new ListLedger { UserId = user }, default)).CarriedForward);
    }

    [Fact]
    public async Task The_audit_holds_at_every_moment_while_records_leave_and_usage_comes()
    {
        var users = Enumerable.Range(0, 50).Select(number => Ids.User($"busy{number}")).ToArray();
        await InThePast(0, [.. Enumerable.Range(0, 9_000).Select(number => Old(users[number % users.Length], number % 3 == 0 ? TestCatalogue.Image : TestCatalogue.Search, 1, number / 10))]);
        using var done = new CancellationTokenSource();
        var charging = Task.Run(async () =>
        {
            for (var round = 0; !done.IsCancellationRequested; round++)
                await Charge([.. users.Select(user => TestUsage.Of(user, round % 2 == 0 ? TestCatalogue.Image : TestCatalogue.Search))]);
        });
        var auditing = Task.Run(async () =>
        {
            // At least once, however quickly the records leave.
            do await AuditHolds();
            while (!done.IsCancellationRequested);
        });

        var retired = await Retire();

        await done.CancelAsync();
        await charging;
        await auditing;
        Assert.Equal(9_000, retired.Records);
        await AuditHolds();
    }

    [Fact]
    public async Task What_was_published_and_may_be_retired_is_passed_over_and_what_is_recent_is_not()
    {
        var user = Ids.User("published");
        var old = new[] { Old(user, TestCatalogue.Search, 1), Old(user, TestCatalogue.Search, 2) with { UsageId = Ids.WithoutTime() } };
        await InThePast(0, old);
        await Retire();
        var recent = TestUsage.Of(user);
        await Charge(recent);

        Assert.True((await Audit([.. old, recent])).Holds);
        var lost = await Audit([.. old, TestUsage.Of(user), TestUsage.Of(user) with { UsageId = Ids.WithoutTime() }]);
        Assert.Equal(("nothing lost", 2), Assert.Single(lost.Invariants.Where(invariant => invariant.Violations > 0).Select(invariant => (invariant.Name, (int)invariant.Violations))));
    }

    /// <summary>Makes a day ready for records that is long over: where days are partitions.</summary>
    protected virtual Task MakeDay(DateOnly day) => Task.CompletedTask;

    protected Task<RetiredRecords> Retire() => Ledger.NewRetirement().Retire(Limit, default);

    /// <summary>A usage of back then, so many seconds after noon.</summary>
    protected TestUsage Old(string user, string service, long quantity, int seconds = 0) =>
        TestUsage.Of(user, service, quantity) with { UsageId = Ids.WithTime(Past.AddSeconds(seconds)), OccurredAt = Past.AddSeconds(seconds) };

    protected Task InThePast(int days, params TestUsage[] usages) => InThePast(Past.AddDays(days).AddHours(1), usages);

    protected Task InThePast(int days, params Operation[] operations) => InThePast(Past.AddDays(days).AddHours(1), operations);

    protected Task InThePast(DateTimeOffset now, params TestUsage[] usages) => InThePast(now, [.. usages.Select(Operation (usage) => usage.ToCharge())]);

    protected async Task InThePast(DateTimeOffset now, params Operation[] operations)
    {
        await MakeDay(DateOnly.FromDateTime(Past.UtcDateTime));
        await MakeDay(DateOnly.FromDateTime(now.UtcDateTime));
        var outcomes = await new LedgerWriter(new PastLedgerStore(Ledger.NewStore(), now), Ledger.Rules).Apply(operations, default);
        Assert.All(outcomes, outcome => Assert.True(outcome is Charged { Duplicate: false } or Entered { Duplicate: false }, $"{outcome}"));
    }

    protected async Task Charge(params TestUsage[] usages) =>
        Assert.All(await Writer.Apply([.. usages.Select(usage => usage.ToCharge())], default), outcome => Assert.False(Assert.IsType<Charged>(outcome).Duplicate));

    protected async Task AuditHolds()
    {
        var report = await AuditRun.Execute(Ledger.Database, publishedFile: null, default);
        Assert.True(report.Holds, string.Join('\n', report.Invariants.SelectMany(invariant => invariant.Examples.Select(example => $"{invariant.Name}: {example}"))));
    }

    async Task<AuditReport> Audit(params TestUsage[] published)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllLinesAsync(file, ["id,user,service,quantity,cost,occurred_at", .. published.Select(usage => $"{usage.UsageId},{usage.UserId},{usage.Service},{usage.Quantity},,{usage.OccurredAt:O}")]);
            return await AuditRun.Execute(Ledger.Database, file, default);
        }
        finally
        {
            File.Delete(file);
        }
    }

    async Task<StatisticsSums> Statistics(string user)
    {
        Assert.Null(TimeRange.Of(null, null, out var all));
        await using var snapshot = (await Ledger.NewReaders().Statistics.Open(user, default))!;
        var extent = (await snapshot.Extent(all, default))!.Value;
        var cut = new DateTimeOffset(Limit, TimeOnly.MinValue, TimeSpan.Zero);
        DateTimeOffset[] cuts = [RollUps.BucketOf(extent.First), cut, RollUps.BucketOf(extent.Last).AddDays(1)];
        var whole = (await snapshot.Sum(all, null, [], default)).Aggregate(default(StatisticsSums), (sum, row) => sum + row.Sums);
        Assert.Equal(whole, (await snapshot.Sum(all, null, cuts, default)).Aggregate(default(StatisticsSums), (sum, row) => sum + row.Sums));
        return whole;
    }

    Task<long> Balance(string user) => Ledger.Count("select balance_nanos from account where user_id = $1", user);

    Task<long> Records(string user) => Ledger.Count("select count(*) from usage_record where account_id = (select account_id from account where user_id = $1)", user);
}
