using Billing.Service.Charging;
using Billing.Service.Ledger;
using Billing.Service.Ledger.Migrations;

namespace Billing.TestSupport.Ledger;

/// <summary>Migrations and the first catalogue, on a database that is still empty.</summary>
public abstract class MigrationCompliance : IAsyncLifetime
{
    protected LedgerUnderTest Ledger { get; private set; } = null!;

    protected abstract Task<LedgerUnderTest> OpenEmpty();

    public async Task InitializeAsync() => Ledger = await OpenEmpty();

    public async Task DisposeAsync() => await Ledger.DisposeAsync();

    [Fact]
    public async Task They_apply_from_empty_and_again_without_harm()
    {
        await Ledger.Prepare();
        var auditor = new Auditor(Ledger.Database);
        var usage = auditor.Charged(TestUsage.Of(Ids.User("kept")));
        await Ledger.NewWriter().Apply([usage.ToCharge()], default);

        await Ledger.Prepare();
        await Ledger.NewWriter().Apply([usage.ToCharge()], default);
        await auditor.Check();
    }

    [Fact]
    public async Task A_database_of_the_first_version_keeps_its_entries_and_a_credit_can_be_taken_back()
    {
        var recharge = Ids.WithTime();
        var early = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        await MigrateToFirstVersion();
        await Ledger.Execute("insert into account (user_id, balance_nanos, last_entry_number, opened_at) values ('early', 12, 2, $1)", Ledger.Now);
        await Ledger.Execute("insert into ledger_entry (account_id, entry_number, kind, operation_id, amount_nanos, balance_after_nanos, entered_at) values (1, 1, 1, $1, 5, 5, $2)", recharge, Ledger.Now);
        await Ledger.Execute("insert into ledger_entry (account_id, entry_number, kind, operation_id, amount_nanos, balance_after_nanos, entered_at, actor, reason) values (1, 2, 4, $1, 7, 12, $2, 'eve', 'goodwill')",
            recharge, early);

        await Ledger.Prepare();

        var auditor = new Auditor(Ledger.Database);
        var refund = new TakeBackCredit(recharge, "re-1", "early", new Money(5));
        auditor.Entered(EntryKind.Credit, recharge, "early", new Money(5));
        auditor.Entered(EntryKind.Adjustment, recharge, "early", new Money(7));
        Assert.Equal(1, await Ledger.Count("select count(*) from operator_act"));
        Assert.Equal(1, await Ledger.Count(
            "select count(*) from operator_act where kind = 'adjust_balance' and operation_id = $1 and account_id = 1 and actor = 'eve' and reason = 'goodwill' and acted_at = $2",
            recharge, early));
        auditor.Entered(EntryKind.Refund, refund.OperationId, "early", new Money(-5));
        Assert.IsType<Entered>((await Ledger.NewWriter().Apply([refund], default))[0]);
        Assert.Equal(ErrorCodes.RefundExceedsCredit, Assert.IsType<Refused>((await Ledger.NewWriter().Apply([refund with { RefundId = "re-2" }], default))[0]).Code);
        await auditor.Check();
    }

    [Fact]
    public async Task Records_that_were_there_before_are_rolled_up()
    {
        await Ledger.Prepare();
        var auditor = new Auditor(Ledger.Database);
        var (many, few) = (Ids.User("many"), Ids.User("few"));
        var usages = Enumerable.Range(0, 1_010).Select(number => auditor.Charged(TestUsage.Of(number < 1_005 ? many : few, number % 2 == 0 ? TestCatalogue.Image : TestCatalogue.Search))).ToArray();
        await Ledger.NewWriter().Apply([.. usages.Select(usage => usage.ToCharge()), GiveBack(3), GiveBack(500), GiveBack(1_007)], default);
        const string Sums = "select count(*) * 1000000000 + sum(usages) * 10000 + sum(reversed_usages) from usage_rollup";
        var before = await Ledger.Count(Sums);
        await Ledger.Execute("drop table usage_rollup");
        await Ledger.Execute("delete from schema_migration where version = 7");

        await Ledger.Prepare();

        Assert.Equal(1_005 * 10_000 + 2, await Ledger.Count(Sums) % 1_000_000_000);
        Assert.Equal(before, await Ledger.Count(Sums));
        Assert.Equal(1, await Ledger.Count("select count(distinct account_id) from usage_rollup"));
        await Ledger.NewWriter().Apply([GiveBack(4), auditor.Charged(TestUsage.Of(many)).ToCharge()], default);
        await auditor.Check();

        GiveBackUsage GiveBack(int number)
        {
            auditor.Reversed(usages[number]);
            return new GiveBackUsage(usages[number].UsageId, usages[number].UserId, "eve", "a test");
        }
    }

    [Fact]
    public async Task Several_instances_may_start_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Ledger.NewMigrator().Migrate(default))));
        var file = await TestCatalogue.Read();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Ledger.NewCatalogue().SeedOnce(file, default))));

        Assert.Equal(TestCatalogue.Services.Count(), await Ledger.Count("select count(*) from service"));
        Assert.Equal(TestCatalogue.Services.Order(), (await Ledger.NewCatalogue().Load(default)).Services.Select(service => service.Name).Order());
        Assert.Equal(1, await Ledger.Count("select count(*) from schema_migration where version = 1"));
    }

    [Fact]
    public async Task An_older_program_refuses_a_newer_database()
    {
        await Ledger.Prepare();
        await Ledger.Execute("insert into schema_migration (version, name) values (9999, 'from the future')");
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => Ledger.NewMigrator().Migrate(default));
        Assert.Contains("start a newer program", refused.Message);
    }

    async Task MigrateToFirstVersion()
    {
        const string File = "0001_ledger.sql";
        await using var resource = typeof(Migrator).Assembly.GetManifestResourceStream($"{typeof(Migrator).Namespace}.{Ledger.Database.Engine}.{File}")!;
        using var sql = new StreamReader(resource);
        await using var connection = await Ledger.Database.Open(default);
        await Execute(Ledger.Database.BeginAlone);
        await Execute("create table schema_migration (version integer primary key, name text not null)");
        await Execute(await sql.ReadToEndAsync());
        await Execute("insert into schema_migration (version, name) values (1, $1)", File);
        await Execute("commit");

        async Task Execute(string statement, params object?[] parameters)
        {
            await using var command = Ledger.Database.Statement(connection, statement, parameters);
            await command.ExecuteNonQueryAsync();
        }
    }
}
