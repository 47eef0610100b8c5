using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;

namespace Billing.Benchmarks.Compare;

/// <summary>A few usages of the load that are looked for in the database until they are there: from the publish to the commit, by one clock.</summary>
sealed class CommitProbes(NpgsqlDataSource database, string find = CommitProbes.InRecords) : IAsyncDisposable
{
    // The days spare the look into all the other partitions.
    const string InRecords = "select usage_id from usage_record where usage_id = any($1) and day between current_date - 1 and current_date + 1";

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);
    static readonly TimeSpan GiveUpAfter = TimeSpan.FromMinutes(2);

    readonly ConcurrentDictionary<Guid, long> _waiting = new();
    readonly List<double> _delays = [];
    long _last;
    volatile bool _open;
    Task _work = Task.CompletedTask;

    /// <summary>Round trips that are the probes' own.</summary>
    public long Looks { get; private set; }

    public void Open()
    {
        _open = true;
        _work = Task.Run(Work);
    }

    /// <summary>Takes one of the usages that pass by, at most every few milliseconds.</summary>
    public void Pass(Guid usageId)
    {
        if (!_open) return;
        var (now, last) = (Stopwatch.GetTimestamp(), Interlocked.Read(ref _last));
        if (Stopwatch.GetElapsedTime(last, now) >= Pause && Interlocked.CompareExchange(ref _last, now, last) == last) _waiting[usageId] = now;
    }

    /// <summary>No more are taken; those under way are still waited for.</summary>
    public async Task<Percentiles?> Finish()
    {
        _open = false;
        await _work.WaitAsync(GiveUpAfter);
        return Percentiles.Of(_delays);
    }

    public async ValueTask DisposeAsync()
    {
        _open = false;
        _waiting.Clear();
        await _work;
    }

    async Task Work()
    {
        while (_open || !_waiting.IsEmpty)
        {
            await Task.Delay(Look);
            var ids = _waiting.Keys.ToArray();
            if (ids.Length == 0) continue;
            Looks++;
            await using var command = database.CreateCommand(find);
            command.Parameters.Add(new NpgsqlParameter { Value = ids });
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                if (_waiting.TryRemove(reader.GetGuid(0), out var published)) _delays.Add(Stopwatch.GetElapsedTime(published).TotalMilliseconds);
            }
        }
    }
}
