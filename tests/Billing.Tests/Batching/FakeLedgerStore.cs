using Billing.ReliableMessaging;
using Billing.Service.Ledger;
using Billing.Tests.Charging;

namespace Billing.Tests.Batching;

/// <summary>
/// A ledger in memory whose transactions can be held up and made to fail. It locks nothing, but sees when one account is in two
/// transactions at once; like a database it forgets what was not committed.
/// </summary>
sealed class FakeLedgerStore(int concurrentBatches = 2) : ILedgerStore, IRules
{
    readonly Lock _lock = new();
    readonly HashSet<string> _usersInWork = new(StringComparer.Ordinal);
    readonly List<(Func<BatchKeys, bool> Which, TaskCompletionSource Reached, TaskCompletionSource Open)> _gates = [];

    public PlainLedger Ledger { get; } = new();
    public int ConcurrentBatchesMax => concurrentBatches;
    public ChargingRules Current => Ledger.Rules;
    public string Currency => Shop.Currency;

    public Task Refresh(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The users of each committed batch, in the order of the commits.</summary>
    public List<string[]> Commits { get; } = [];

    /// <summary>Accounts that were seen in two transactions at once.</summary>
    public List<string> Overlaps { get; } = [];

    public int Begun { get; private set; }

    /// <summary>The next so many transactions find no database.</summary>
    public int UnavailableTimes { get; set; }

    /// <summary>The next so many commits lose against another instance.</summary>
    public int ConflictTimes { get; set; }

    /// <summary>The next so many commits are done, and nobody hears of it.</summary>
    public int LostAnswers { get; set; }

    /// <summary>The database is away until this is set to false.</summary>
    public bool Away { get; set; }

    /// <summary>A usage that the database never takes.</summary>
    public Guid? Unwritable { get; set; }

    /// <summary>Holds up every transaction with this user, from now until <see cref="Gate.Open"/>.</summary>
    public Gate Block(string user)
    {
        var gate = (Which: (Func<BatchKeys, bool>)(keys => keys.Users.Contains(user)), Reached: Source(), Open: Source());
        lock (_lock) _gates.Add(gate);
        return new Gate(gate.Reached.Task, gate.Open);
    }

    public void OpenGates()
    {
        lock (_lock) _gates.ForEach(gate => gate.Open.TrySetResult());
    }

    public async Task<ILedgerTransaction> Begin(BatchKeys keys, CancellationToken cancellationToken)
    {
        (Func<BatchKeys, bool>, TaskCompletionSource Reached, TaskCompletionSource Open)[] gates;
        lock (_lock)
        {
            Begun++;
            if (Away || UnavailableTimes-- > 0) throw new DatabaseAwayException();
            foreach (var user in keys.Users)
            {
                if (!_usersInWork.Add(user)) Overlaps.Add(user);
            }
            gates = [.. _gates.Where(gate => gate.Which(keys))];
        }
        foreach (var gate in gates)
        {
            gate.Reached.TrySetResult();
            await gate.Open.Task;
        }
        lock (_lock) return new Transaction(this, keys, Ledger.Read(keys));
    }

    public Task<AccountView?> Read(string userId, DateOnly month, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task Ping(CancellationToken cancellationToken) => Task.CompletedTask;

    public FailureKind Classify(Exception exception) => exception switch
    {
        DatabaseAwayException => FailureKind.Unavailable,
        LostRaceException or CatalogueChangedException => FailureKind.Conflict,
        _ => FailureKind.Unwritable,
    };

    void Commit(BatchKeys keys, Decisions decisions, IReadOnlyList<OutgoingMessage> events)
    {
        lock (_lock)
        {
            if (ConflictTimes-- > 0) throw new LostRaceException();
            if (decisions.Records.Exists(record => record.UsageId == Unwritable)) throw new InvalidDataException("The database does not take this row.");
            Ledger.Write(decisions, events);
            Commits.Add([.. keys.Users]);
            if (LostAnswers-- > 0) throw new DatabaseAwayException();
        }
    }

    void End(BatchKeys keys)
    {
        lock (_lock) _usersInWork.ExceptWith(keys.Users);
    }

    static TaskCompletionSource Source() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A transaction waits here.</summary>
    public sealed record Gate(Task Reached, TaskCompletionSource Source)
    {
        public void Open() => Source.TrySetResult();
    }

    sealed class Transaction(FakeLedgerStore store, BatchKeys keys, Snapshot snapshot) : ILedgerTransaction
    {
        public Snapshot Snapshot => snapshot;

        public Task Commit(Decisions decisions, IReadOnlyList<OutgoingMessage> events, CancellationToken cancellationToken)
        {
            store.Commit(keys, decisions, events);
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            store.End(keys);
            return ValueTask.CompletedTask;
        }
    }

    sealed class DatabaseAwayException() : Exception("The database is away.");

    sealed class LostRaceException() : Exception("Another instance was faster.");
}
