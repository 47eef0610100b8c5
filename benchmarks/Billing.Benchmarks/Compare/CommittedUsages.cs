using System.Diagnostics;
using Billing.Service.Ledger.Postgres;
using Npgsql;

namespace Billing.Benchmarks.Compare;

/// <summary>
/// How many usages are committed: every record takes the next number of its account, so the sum of these numbers in one snapshot counts
/// them exactly, without reading the records.
/// </summary>
sealed class CommittedUsages : IAsyncDisposable
{
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan NothingMovesMax = TimeSpan.FromSeconds(60);

    readonly NpgsqlDataSource _database;
    readonly long _before;

    CommittedUsages(NpgsqlDataSource database, long before) => (_database, _before) = (database, before);

    public static async Task<CommittedUsages> Of(Bench bench)
    {
        var database = PostgresConnections.ForMigrations(bench.ConnectionString);
        return new CommittedUsages(database, (await Read(database)).Sum);
    }

    /// <summary>The instant is that of the snapshot, by the database's clock.</summary>
    public async Task<(long Count, DateTime At)> Now()
    {
        var (sum, at) = await Read(_database);
        return (sum - _before, at);
    }

    public async Task WaitFor(long count)
    {
        var (last, moved) = (-1L, Stopwatch.GetTimestamp());
        while (true)
        {
            var now = (await Now()).Count;
            if (now == count) return;
            if (now > count) throw new InvalidOperationException($"{now} usages are committed, {count} were confirmed: some were charged twice.");
            if (now != last) (last, moved) = (now, Stopwatch.GetTimestamp());
            else if (Stopwatch.GetElapsedTime(moved) > NothingMovesMax) throw new InvalidOperationException($"{count} usages were confirmed, {now} are committed, and nothing moves any more.");
            await Task.Delay(Look);
        }
    }

    /// <summary>Until nothing has moved for a while: for what may have been lost.</summary>
    public async Task<long> Settled(TimeSpan quiet)
    {
        var (last, moved) = (-1L, Stopwatch.GetTimestamp());
        while (Stopwatch.GetElapsedTime(moved) < quiet)
        {
            var now = (await Now()).Count;
            if (now != last) (last, moved) = (now, Stopwatch.GetTimestamp());
            await Task.Delay(Look);
        }
        return last;
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    static async Task<(long Sum, DateTime At)> Read(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("select sum(last_entry_number)::bigint, statement_timestamp() from account");
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetInt64(0), reader.GetDateTime(1));
    }
}
