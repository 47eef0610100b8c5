using System.Diagnostics;
using Billing.Client;
using Npgsql;

namespace Billing.Benchmarks.Reporter;

/// <summary>Usages among the load that are looked for in the database until they are there: from the report to the commit, by one clock.</summary>
sealed class RecordProbes(NpgsqlDataSource database, IUsageReporter reporter) : IAsyncDisposable
{
    const string User = "probe";
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);
    static readonly TimeSpan GiveUpAfter = TimeSpan.FromMinutes(2);

    readonly CancellationTokenSource _finish = new();
    readonly Dictionary<Guid, long> _waiting = [];
    readonly List<double> _latencies = [];
    Task _work = Task.CompletedTask;

    public void Start() => _work = Task.Run(Work);

    /// <summary>In milliseconds, the shortest first.</summary>
    public async Task<List<double>> Finish()
    {
        await _finish.CancelAsync();
        await _work;
        _latencies.Sort();
        return _latencies;
    }

    public async Task WaitUntilRecorded(long usages)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            await using var command = database.CreateCommand("select count(*) from usage_record");
            var recorded = (long)(await command.ExecuteScalarAsync())!;
            if (recorded == usages) return;
            if (watch.Elapsed > GiveUpAfter) throw new InvalidOperationException($"{usages} usages were taken, {recorded} are recorded.");
            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _finish.CancelAsync();
        await _work;
        _finish.Dispose();
    }

    async Task Work()
    {
        var last = 0L;
        while (!_finish.IsCancellationRequested || _waiting.Count > 0)
        {
            if (!_finish.IsCancellationRequested && (last == 0 || Stopwatch.GetElapsedTime(last) >= Pause))
            {
                var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
                last = Stopwatch.GetTimestamp();
                if (reporter.TryReport(new UsageReport { UsageId = id, UserId = User, Service = "search", Quantity = 1 })) _waiting.Add(id, last);
            }
            await Task.Delay(Look);
            await NoteArrived();
        }
    }

    async Task NoteArrived()
    {
        if (_waiting.Count == 0) return;
        await using var command = database.CreateCommand("select usage_id from usage_record where usage_id = any($1)");
        command.Parameters.Add(new NpgsqlParameter { Value = _waiting.Keys.ToArray() });
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            if (_waiting.Remove(reader.GetGuid(0), out var reported)) _latencies.Add(Stopwatch.GetElapsedTime(reported).TotalMilliseconds);
        }
    }
}
