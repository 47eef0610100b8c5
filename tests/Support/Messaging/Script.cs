using System.Collections.Concurrent;

namespace Billing.TestSupport.Messaging;

/// <summary>What the consumers of one host are told to do, and what they have seen.</summary>
public sealed class Script
{
    readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int _failures;
    volatile bool _holds;

    public ConcurrentQueue<Numbered> Numbers { get; } = new();

    public ConcurrentQueue<Guid> Heard { get; } = new();

    /// <summary>How often a consumer was reached, whatever became of it.</summary>
    public ConcurrentDictionary<Guid, int> Tries { get; } = new();

    /// <summary>The next attempts fail after everything was written and published.</summary>
    public int FailuresToCome { set => _failures = value; }

    /// <summary>Consumers stop where they ask, until <see cref="Release"/>.</summary>
    public void Hold() => _holds = true;

    public void Release() => _released.TrySetResult();

    public Task Pass() => _holds ? _released.Task : Task.CompletedTask;

    public int Tried(Guid key) => Tries.AddOrUpdate(key, 1, (_, before) => before + 1);

    public void FailIfToldSo()
    {
        if (Interlocked.Decrement(ref _failures) >= 0) throw new InvalidOperationException("told to fail");
    }
}
