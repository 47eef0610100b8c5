using Billing.Service.Charging;
using Billing.Service.Ledger;
using Billing.TestSupport.Ledger;
using Billing.TestSupport.Retention;
using Npgsql;

namespace Billing.IntegrationTests.Retention;

[Collection(ServersCollection.Name)]
public sealed class PostgresRetirementTests(Servers servers) : RetirementCompliance
{
    PostgresLedgerUnderTest Postgres => (PostgresLedgerUnderTest)Ledger;

    protected override async Task<LedgerUnderTest> OpenLedger() => await PostgresLedgerUnderTest.Create(servers);

    protected override async Task MakeDay(DateOnly day) => await Ledger.Execute($"select make_usage_record_day('{day:yyyy-MM-dd}')");

    [Fact]
    public async Task An_empty_day_is_dropped_by_a_later_run_and_its_identities_are_gone()
    {
        var user = Ids.User("dropped");
        await InThePast(0, Old(user, TestCatalogue.Search, 1), Old(user, TestCatalogue.Search, 1) with { UsageId = Ids.WithoutTime() });
        await Charge(TestUsage.Of(user) with { UsageId = Ids.WithoutTime() });

        Assert.Equal(new RetiredRecords(2, DroppedDays: 0), await Retire());
        Assert.Equal(1, await Ledger.Count("select count(*) from usage_identity"));
        Assert.Equal(new RetiredRecords(0, DroppedDays: 0), await Retire());
        Assert.True(await Exists(Past));

        await LetAnHourPass();
        Assert.Equal(1, (await Retire()).DroppedDays);

        Assert.False(await Exists(Past));
        Assert.Equal(0, await Ledger.Count("select count(*) from retired_day where dropped_at is null"));
        await Ledger.Database.Prepare(Ledger.Now, default);
        Assert.Equal(0, (await Retire()).DroppedDays);
        await AuditHolds();
    }

    [Fact]
    public async Task A_day_for_which_no_partition_was_made_is_retired_too()
    {
        var user = Ids.User("default");
        await InThePast(0, Old(user, TestCatalogue.Search, 1));
        await Ledger.Execute($"create table aside as select * from {Partition(Past)}; drop table {Partition(Past)}; insert into usage_record select * from aside; drop table aside");
        Assert.Equal(1, await Ledger.Count("select count(*) from usage_record_default"));

        Assert.Equal(1, (await Retire()).Records);

        await AuditHolds();
    }

    [Fact]
    public async Task Dropping_gives_way_to_who_reads_for_long_and_charging_goes_on()
    {
        var user = Ids.User("reads");
        await InThePast(0, Old(user, TestCatalogue.Search, 1));
        await Retire();
        await LetAnHourPass();
        await using (var reading = await Postgres.DataSource.OpenConnectionAsync())
        await using (var transaction = await reading.BeginTransactionAsync())
        {
            await using var read = new NpgsqlCommand("select count(*) from usage_record", reading);
            await read.ExecuteScalarAsync();

            var retiring = Retire();
            await Charge(TestUsage.Of(user));

            Assert.Equal(0, (await retiring).DroppedDays);
            Assert.True(await Exists(Past));
        }
        Assert.Equal(1, (await Retire()).DroppedDays);
    }

    [Fact]
    public async Task The_database_itself_refuses_what_is_too_late_or_not_folded()
    {
        var user = Ids.User("refused");
        await InThePast(0, Old(user, TestCatalogue.Search, 1));
        await Charge(TestUsage.Of(user));

        Assert.Equal(PostgresErrorCodes.InvalidParameterValue, (await Refused($"select retire_usage_records('{Ledger.Now.AddDays(-79):yyyy-MM-dd}', 10, 0, '-infinity')")).SqlState);
        Assert.Equal(PostgresErrorCodes.ObjectNotInPrerequisiteState, (await Refused($"select drop_usage_record_day('{Past:yyyy-MM-dd}')")).SqlState);
        await Retire();
        Assert.Equal(PostgresErrorCodes.ObjectNotInPrerequisiteState, (await Refused($"select drop_usage_record_day('{Past:yyyy-MM-dd}')")).SqlState);

        // A record that came back behind everybody's back.
        await LetAnHourPass();
        await Ledger.Execute(
            $"""
            insert into usage_record select account_id, 9, 0, 0, 0, 0, 0, '{Past:O}', '{Past:O}', 1, 0, 1, service_id, quota_month, '{Past:yyyy-MM-dd}', gen_random_uuid() from usage_record limit 1
            """);
        Assert.Contains("are left", (await Refused($"select drop_usage_record_day('{Past:yyyy-MM-dd}')")).MessageText);
        Assert.Equal(0, await Ledger.Count("select count(*) from retired_day where dropped_at is not null"));
    }

    [Fact]
    public async Task Two_instances_retire_the_same_days_without_harm()
    {
        var users = Enumerable.Range(0, 20).Select(number => Ids.User($"two{number}")).ToArray();
        await InThePast(0, [.. Enumerable.Range(0, 6_000).Select(number => Old(users[number % users.Length], TestCatalogue.Search, 1, number / 10))]);

        var retired = await Task.WhenAll(Retire(), Retire());

        Assert.Equal(6_000, retired.Sum(each => each.Records));
        await AuditHolds();
    }

    [Fact]
    public async Task Records_leave_under_their_accounts_lock_so_that_a_reversal_that_was_first_counts()
    {
        var user = Ids.User("race");
        var usage = Old(user, TestCatalogue.Image, 7);
        await InThePast(0, usage);
        Task<Outcome[]> reversing;
        Task<RetiredRecords> retiring;
        await using (await AccountLock.Take(Postgres.DataSource, user))
        {
            reversing = Writer.Apply([new GiveBackUsage(usage.UsageId, user, "eve", "a test")], default);
            await AccountLock.WaitUntilWaiting(Postgres.DataSource, 1);
            retiring = Retire();
            await AccountLock.WaitUntilWaiting(Postgres.DataSource, 2);
        }

        Assert.IsType<Entered>((await reversing)[0]);
        Assert.Equal(1, (await retiring).Records);
        Assert.Equal(1, await Ledger.Count("select reversed_records from carried_forward"));
        await AuditHolds();
    }

    Task LetAnHourPass() => Ledger.Execute("update retired_day set folded_at = folded_at - interval '61 minutes'");

    async Task<PostgresException> Refused(string sql)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(Postgres.ConnectionString) { SearchPath = "ledger" });
        await using var command = source.CreateCommand(sql);
        return await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
    }

    async Task<bool> Exists(DateTimeOffset day) => await Ledger.Count("select count(*) from pg_class where relname = $1", Partition(day)) == 1;

    static string Partition(DateTimeOffset day) => $"usage_record_{day.UtcDateTime:yyyyMMdd}";
}
