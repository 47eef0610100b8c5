using Billing.Service.Charging;
using Billing.Service.Ledger.Postgres;
using Billing.Service.Queries;
using Billing.Service.Queries.Postgres;
using Billing.TestSupport.Ledger;
using Billing.TestSupport.Queries;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Billing.IntegrationTests.Queries;

/// <summary>How reads use PostgreSQL: round trips, indexes, and connections that charging does not share.</summary>
[Collection(ServersCollection.Name)]
public sealed class PostgresReadsTests(PostgresLedger postgres) : IClassFixture<PostgresLedger>
{
    readonly PostgresLedgerUnderTest _ledger = postgres.Ledger;

    [Fact]
    public async Task A_page_and_five_hundred_accounts_take_one_round_trip_and_statistics_at_most_four()
    {
        string[] users = [.. Enumerable.Range(0, 500).Select(number => Ids.User($"trip{number}"))];
        await _ledger.NewWriter().Apply([.. users.Select(user => TestUsage.Of(user, TestCatalogue.Image).ToCharge())], default);
        await using var proxy = new RoundTripProxy(_ledger.ConnectionString);
        await using var source = PostgresConnections.ForReading(proxy.ConnectionString, connectionsMax: 1, commandTimeoutSeconds: 10);
        await using (await source.OpenConnectionAsync()) { }
        var (records, accounts) = (new PostgresRecordsReader(source), new PostgresAccountsReader(source));
        using var statistics = new StatisticsAnswers(new PostgresStatisticsReader(source), _ledger.NewStore(), _ledger.Rules, TimeProvider.System, Options.Create(new QueryOptions()));

        Assert.Equal(1, await Count(() => records.Records(new RecordsQuery(users[0], default, null, null, 51), default)));
        Assert.Equal(1, await Count(() => records.Entries(new EntriesQuery(users[0], default, null, 51), default)));
        Assert.Equal(1, await Count(() => accounts.Read(users, new DateOnly(2026, 11, 1), default)));
        Assert.Equal(3, await Count(() => statistics.Get(new GetStatistics { UserId = users[0] }, default)));
        Assert.Equal(4, await Count(() => statistics.Get(new GetStatistics { UserId = users[0], GroupBy = ["hour"] }, default)));

        async Task<long> Count(Func<Task> read)
        {
            // Three times: at the second the driver prepares the statement, which must not cost another.
            var trips = new List<long>();
            for (var i = 0; i < 3; i++)
            {
                var before = proxy.RoundTrips;
                await read();
                trips.Add(proxy.RoundTrips - before);
            }
            return trips.Max();
        }
    }

    [Fact]
    public async Task Every_partition_is_read_by_account_and_time_and_nothing_is_sorted_even_where_the_plan_was_made_while_all_were_empty()
    {
        // Now the planner knows that they are empty, and one index is as good to it as the other.
        await _ledger.Execute("analyze");
        // One connection, so that the prepared statements of the reads can be looked at.
        await using var source = PostgresConnections.ForReading(_ledger.ConnectionString, connectionsMax: 1, commandTimeoutSeconds: 10);
        var user = Ids.User("planned");
        await _ledger.NewWriter().Apply([new OpenAccount(user)], default);
        for (var i = 0; i < 3; i++)
        {
            await new PostgresRecordsReader(source).Records(new RecordsQuery(user, default, null, null, 51), default);
            await using var snapshot = (await new PostgresStatisticsReader(source).Open(user, default))!;
            await snapshot.Extent(default, default);
            await snapshot.Sum(default, null, [], default);
        }
        var partitions = await _ledger.Count("select count(*) from pg_inherits where inhparent = 'usage_record'::regclass");

        await using var connection = await source.OpenConnectionAsync();
        await Check("from service s", $"'{user}'", ", 'infinity', 0, null, 51", "ledger_entry_operation_id_kind_key on ledger_entry");
        await Check("order by occurred_at limit 1", "1", "", "account_id_occurred_at_idx on usage_record");
        await Check("width_bucket", "1", ", null, '{}'", "ledger_entry_pkey on ledger_entry");

        async Task Check(string statement, string first, string rest, string alsoUses)
        {
            var name = Assert.Single(await Lines(connection, $"select name from pg_prepared_statements where statement like '%{statement}%' and statement not like '%pg_prepared%'"));
            var plan = await Lines(connection, $"explain execute {name} ({first}, '-infinity', 'infinity', '-infinity', 'infinity'{rest})");
            var scans = plan.Where(line => line.Contains(" on usage_record")).ToList();
            Assert.True(scans.Count >= partitions, $"{scans.Count} of {partitions} partitions are read");
            Assert.All(scans, line => Assert.Contains("account_id_occurred_at_idx", line));
            Assert.Contains(plan, line => line.Contains(alsoUses));
            Assert.DoesNotContain(plan, line => line.TrimStart(' ', '-', '>').StartsWith("Sort  ("));

            // Of one day and the default partition, each once or, at both ends of an extent, twice.
            var ofOneDay = await Lines(connection, $"explain execute {name} ({first}, '-infinity', 'infinity', now()::date, now()::date{rest})");
            Assert.InRange(ofOneDay.Count(line => line.Contains(" on usage_record")), 1, 4);
        }
    }

    [Fact]
    public async Task While_the_database_is_away_every_answer_says_so()
    {
        await using var nowhere = PostgresConnections.ForReading("Host=127.0.0.1;Port=1;Username=none;Timeout=1", connectionsMax: 1, commandTimeoutSeconds: 1);
        var (store, rules) = (_ledger.NewStore(), _ledger.Rules);
        var records = new PostgresRecordsReader(nowhere);
        using var statistics = new StatisticsAnswers(new PostgresStatisticsReader(nowhere), store, rules, TimeProvider.System, Options.Create(new QueryOptions()));

        Assert.Equal(ErrorCodes.DatabaseUnavailable, (await new RecordAnswers(records, store, rules).List(new ListRecords { UserId = "ann" }, default)).Code);
        Assert.Equal(ErrorCodes.DatabaseUnavailable, (await new LedgerAnswers(records, store, rules).List(new ListLedger { UserId = "ann" }, default)).Code);
        Assert.Equal(ErrorCodes.DatabaseUnavailable, (await statistics.Get(new GetStatistics { UserId = "ann" }, default)).Code);
    }

    [Fact]
    public async Task An_answer_broken_off_leaves_its_connection_clean_for_the_next()
    {
        await using var source = PostgresConnections.ForReading(_ledger.ConnectionString, connectionsMax: 1, commandTimeoutSeconds: 10);
        var reader = new PostgresStatisticsReader(source);
        var history = new History(_ledger, Ids.User("broken"));
        await history.Add(_ledger.Now.AddDays(-1));
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await using (var snapshot = (await reader.Open(history.UserId, default))!)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => snapshot.Sum(default, null, [], cancelled.Token));
        Assert.Null(await reader.Open(Ids.User("nobody"), default));
        await history.Add(_ledger.Now.AddDays(-1));

        await using var later = (await reader.Open(history.UserId, default))!;
        Assert.Equal(2, Assert.Single(await later.Sum(default, null, [], default)).Sums.Usages);
    }

    static async Task<List<string>> Lines(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync()) lines.Add(reader.GetString(0));
        return lines;
    }
}
