using System.Diagnostics;
using Billing.Service.Charging;

namespace Billing.Service.Batching;

/// <summary>
/// Bulk lanes share the accounts among them by user id; one interactive lane serves those who wait. An account is never in two
/// transactions of this process at once, and a deduction waits for a bulk batch only while that very batch has its account.
/// </summary>
sealed class Lanes
{
    readonly Lock _lock = new();
    readonly Dictionary<string, Lane> _inWork = new(StringComparer.Ordinal);
    readonly Lane[] _bulk;
    readonly Lane _interactive;
    readonly Lane[] _all;
    readonly TimeSpan _bulkPatience;
    bool _closed;

    public Lanes(BatchingOptions options, int bulkLanes)
    {
        _bulk = [.. Enumerable.Range(0, bulkLanes).Select(_ => new Lane(Urgency.Bulk, options.BulkBatchSizeMax))];
        _interactive = new Lane(Urgency.Interactive, options.InteractiveBatchSizeMax);
        _all = [.. _bulk, _interactive];
        _bulkPatience = options.BulkPatience;
    }

    public IReadOnlyList<Lane> All => _all;

    public void Add(Submission submission, Urgency urgency)
    {
        var now = Stopwatch.GetTimestamp();
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            for (var i = 0; i < submission.Operations.Count; i++)
            {
                var lane = urgency == Urgency.Interactive ? _interactive : BulkLaneOf(submission.Operations[i].UserId);
                lane.Add(new Pending(submission, i, now, GaveWay: false));
            }
            // A lane that got nothing is left alone: it may have given way, and would go first after all.
            foreach (var lane in _all)
            {
                if (lane.HasNews) lane.Signal();
            }
        }
    }

    /// <summary>The lane's next batch; waits for one. Null when the lanes are closed and this one is empty.</summary>
    public async Task<List<Pending>?> Take(Lane lane)
    {
        while (true)
        {
            lock (_lock)
            {
                // A signal from before this look would wake a lane that has just given way, and it would go first after all.
                lane.ClearSignal();
                var taken = lane.Take(pending => TurnOf(lane, pending));
                if (taken.Count > 0) return taken;
                if (_closed && lane.IsEmpty) return null;
            }
            await lane.Signalled(CancellationToken.None);
        }
    }

    public void Release(Lane lane, List<Pending> batch)
    {
        lock (_lock)
        {
            foreach (var pending in batch)
            {
                if (pending.Operation.UserId is { } userId) _inWork.Remove(userId);
            }
            SignalAll();
        }
    }

    /// <summary>No more work comes in; the lanes end once they are empty.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            SignalAll();
        }
    }

    // Whoever has nothing to take looks once, and waits again.
    void SignalAll()
    {
        foreach (var lane in _all) lane.Signal();
    }

    Turn TurnOf(Lane lane, Pending pending)
    {
        if (pending.Operation.UserId is not { } userId) return Turn.Take;
        if (_inWork.TryGetValue(userId, out var holder)) return holder == lane ? Turn.Take : Turn.Wait;
        if (GoesBehind(lane, pending, userId) is { } first)
        {
            first.Signal();
            return Turn.GiveWay;
        }

        _inWork.Add(userId, lane);
        return Turn.Take;
    }

    /// <summary>The lane that goes first with an account that both want: the interactive one, once, unless bulk has waited long.</summary>
    Lane? GoesBehind(Lane lane, Pending pending, string userId)
    {
        if (lane.Urgency == Urgency.Bulk) return !pending.GaveWay && _interactive.Awaits(userId) ? _interactive : null;

        var bulk = BulkLaneOf(userId);
        return bulk.AwaitsSince(userId, Stopwatch.GetTimestamp() - (long)(_bulkPatience.TotalSeconds * Stopwatch.Frequency)) ? bulk : null;
    }

    Lane BulkLaneOf(string? userId) => _bulk[userId is null ? 0 : (userId.GetHashCode(StringComparison.Ordinal) & int.MaxValue) % _bulk.Length];
}
