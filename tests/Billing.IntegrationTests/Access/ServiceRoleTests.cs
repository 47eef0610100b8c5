using System.Diagnostics;
using Billing.Service.Hosting;
using Billing.Service.Ledger.Postgres;
using Npgsql;

namespace Billing.IntegrationTests.Access;

/// <summary>The service's own user in PostgreSQL: what it may not do to the schema, to the log of acts, to what was charged.</summary>
[Collection(ServersCollection.Name)]
public sealed class ServiceRoleTests(ServiceOnServers running, Servers servers) : IClassFixture<ServiceOnServers>
{
    static readonly string[] Changed =
    [
        "ledger.account", "ledger.free_quota", "ledger.reservation", "ledger.usage_rollup", "ledger.rejected_usage", "ledger.catalogue_version", "ledger.outbox_message",
        "ledger.webhook_subscription", "ledger.webhook_delivery", "ledger.job_turn",
        "recharges.outbox_message", "recharges.inbox_state", "recharges.recharge", "recharges.recharge_refund", "recharges.unmatched_payments",
    ];
    static readonly string[] TakenOut =
    [
        "ledger.reservation", "ledger.outbox_message", "recharges.outbox_message", "recharges.inbox_state",
        "ledger.webhook_subscription", "ledger.webhook_delivery", "ledger.operator_alert", "ledger.job_run", "ledger.audit_run",
    ];
    static readonly string[] NeverAddedTo = ["ledger.schema_migration", "ledger.catalogue_version", "ledger.carried_forward", "ledger.carried_run", "ledger.retired_day"];

    [Theory]
    [InlineData("create table ledger.mine (id integer)")]
    [InlineData("create table recharges.mine (id integer)")]
    [InlineData("create table public.mine (id integer)")]
    [InlineData("create schema mine")]
    [InlineData("create function ledger.mine() returns integer language sql as 'select 1'")]
    [InlineData("create table ledger.usage_record_mine partition of ledger.usage_record for values from ('2001-01-01') to ('2001-01-02')")]
    [InlineData("alter table ledger.account add column mine integer")]
    [InlineData("alter table ledger.account drop constraint account_held_nanos_check")]
    [InlineData("alter table ledger.operator_act disable trigger all")]
    [InlineData("alter function ledger.make_usage_record_day(date) reset all")]
    [InlineData("create or replace function ledger.refuse_change_of_operator_act() returns trigger language plpgsql as 'begin return new; end'")]
    [InlineData("create index on ledger.account (opened_at)")]
    [InlineData("create trigger mine before update on ledger.account for each row execute function ledger.refuse_loss_of_api_key()")]
    [InlineData("drop table ledger.operator_act")]
    [InlineData("drop trigger operator_act_only_grows on ledger.operator_act")]
    [InlineData("drop schema recharges cascade")]
    [InlineData("update ledger.operator_act set actor = 'nobody'")]
    [InlineData("delete from ledger.operator_act")]
    [InlineData("update ledger.ledger_entry set amount_nanos = 0")]
    [InlineData("delete from ledger.ledger_entry")]
    [InlineData("update ledger.usage_record set amount_nanos = 0")]
    [InlineData("delete from ledger.usage_record")]
    [InlineData("update ledger.carried_forward set amount_nanos = 0")]
    [InlineData("delete from ledger.usage_identity")]
    [InlineData("delete from ledger.account")]
    [InlineData("update ledger.price set amount_nanos = 0")]
    [InlineData("update recharges.recharge_history set actor = 'nobody'")]
    [InlineData("delete from recharges.payment_claim")]
    [InlineData("update ledger.api_key set scope = 'admin'")]
    [InlineData("update ledger.api_key set secret_hash = '\\x00'")]
    [InlineData("update ledger.api_key set expires_at = null")]
    [InlineData("delete from ledger.api_key")]
    [InlineData("delete from ledger.schema_migration")]
    [InlineData("set role billing_owner")]
    [InlineData("create role mine")]
    [InlineData("create database mine")]
    [InlineData("copy ledger.account to program 'cat'")]
    [InlineData("select pg_read_file('/etc/hostname')")]
    public async Task It_is_refused_what_changes_the_schema_or_the_past(string sql)
    {
        var refused = await Assert.ThrowsAsync<PostgresException>(() => AsService(sql));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public async Task Of_every_table_it_may_read_add_change_and_take_out_just_what_it_has_to()
    {
        var tables = await Tables();
        Assert.Contains("ledger.api_key", tables);
        foreach (var table in tables)
        {
            Assert.True(await May("select", table), $"reads {table}");
            Assert.True(await May("insert", table) == !NeverAddedTo.Contains(table), $"adds to {table}");
            Assert.True(await May("update", table) == Changed.Contains(table), $"changes {table}");
            Assert.True(await May("delete", table) == TakenOut.Contains(table), $"takes out of {table}");
            Assert.False(await May("truncate", table) || await May("trigger", table) || await May("references", table), $"may do more to {table}");
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => AsService($"truncate {table}"))).SqlState);
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => AsService($"drop table {table}"))).SqlState);
        }
    }

    [Fact]
    public async Task It_makes_the_days_of_usage_and_no_other()
    {
        var day = TimeProvider.System.GetUtcNow().AddDays(100);
        await AsService($"select ledger.make_usage_record_day('{day:yyyy-MM-dd}')");

        Assert.Equal(1, await running.Count("select count(*) from pg_class where relname = $1 and pg_get_userbyid(relowner) = 'billing_owner'", $"usage_record_{day:yyyyMMdd}"));
        var refused = await Assert.ThrowsAsync<PostgresException>(() => AsService("select ledger.make_usage_record_day('3000-01-01')"));
        Assert.Equal(PostgresErrorCodes.InvalidParameterValue, refused.SqlState);
    }

    [Fact]
    public async Task A_schema_of_the_callers_does_not_stand_in_for_the_owners()
    {
        // The function runs as the owner: what it names must be ours, whatever the caller's path says.
        var day = TimeProvider.System.GetUtcNow().AddDays(101);
        await AsService($"create temporary table usage_record (day date) partition by range (day); set search_path = pg_temp, ledger; select ledger.make_usage_record_day('{day:yyyy-MM-dd}')");

        Assert.Equal(1, await running.Count(
            "select count(*) from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'ledger.usage_record'::regclass and c.relname = $1", $"usage_record_{day:yyyyMMdd}"));
    }

    [Fact]
    public async Task On_a_database_without_its_schema_the_service_refuses_with_the_command_that_helps_and_that_one_does()
    {
        await using var database = await PostgresTestDatabase.CreateEmpty(servers);
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => Start(database));
        var address = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        Assert.Contains("0008_access.sql", refusal.Message);
        Assert.Contains($"Port={address.Port};Username=billing_owner;Password=...;Database={address.Database}' BILLING_POSTGRES=", refusal.Message);
        Assert.EndsWith("./run.sh migrate", refusal.Message);
        Assert.DoesNotContain(address.Password!, refusal.Message);

        var (planned, script, _) = await Migrate(database, "--dry-run");
        Assert.Equal(0, planned);
        Assert.Contains("create table api_key", script);
        Assert.Contains("grant update (last_used_at, revoked_at) on ledger.api_key to \"billing\"", script);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Start(database));

        var (done, said, errors) = await Migrate(database);
        Assert.True(done == 0, errors);
        Assert.StartsWith("migrate: the schema is at version", said);
        await (await Start(database)).DisposeAsync();
        var (again, _, why) = await Migrate(database);
        Assert.True(again == 0, why);
    }

    [Fact]
    public async Task What_the_verb_prints_is_what_it_runs()
    {
        await using var database = await PostgresTestDatabase.CreateEmpty(servers);
        var (_, script, _) = await Migrate(database, "--dry-run");

        // As psql would, with the schema that the service's connections have in their path.
        await using (var source = database.DataSource())
        await using (var command = source.CreateCommand(script)) await command.ExecuteNonQueryAsync();

        await (await Start(database)).DisposeAsync();
    }

    [Fact]
    public async Task The_verb_refuses_to_work_as_the_service_itself_or_on_two_databases()
    {
        await using var database = await PostgresTestDatabase.CreateEmpty(servers);

        Assert.Equal(1, (await Migrate(database.ConnectionString, database.ConnectionString)).Code);
        var (code, _, errors) = await Migrate(servers.PostgresAsOwner, database.ConnectionString);
        Assert.Equal(2, code);
        Assert.Contains("they have to be one", errors);
    }

    static Task<TestService> Start(PostgresTestDatabase database) => TestService.Start(database.ConnectionString, settings: "BILLING_POSTGRES_OWNER=");

    static Task<(int Code, string Output, string Errors)> Migrate(PostgresTestDatabase database, params string[] options)
    {
        // As the command says it: without the service's password.
        var service = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Password = null };
        return Migrate(database.OwnerConnectionString, service.ConnectionString, options);
    }

    static async Task<(int Code, string Output, string Errors)> Migrate(string owner, string service, params string[] options)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(BillingHost).Assembly.Location, "migrate", .. options]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["BILLING_POSTGRES"] = service;
        start.Environment["BILLING_POSTGRES_OWNER"] = owner;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }

    async Task AsService(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(running.Postgres) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    async Task<bool> May(string right, string table) =>
        await running.Count("select count(*) where has_table_privilege($1, $2, $3)", PostgresOwner.RoleOf(running.Postgres), table, right) == 1;

    /// <summary>All of both schemas but the days' partitions, which are reached through their table.</summary>
    async Task<List<string>> Tables()
    {
        await using var command = running.Database.CreateCommand(
            "select format('%s.%s', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname in ('ledger', 'recharges') and c.relkind in ('r', 'p') and not c.relispartition order by 1");
        await using var reader = await command.ExecuteReaderAsync();
        var tables = new List<string>();
        while (await reader.ReadAsync()) tables.Add(reader.GetString(0));
        return tables;
    }
}
