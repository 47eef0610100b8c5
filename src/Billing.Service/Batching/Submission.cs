using System.Diagnostics;
using Billing.Service.Charging;
using Billing.Service.Observability;

namespace Billing.Service.Batching;

/// <summary>Operations that one caller handed in together. They may be committed in several transactions; the caller hears when the last one is.</summary>
sealed class Submission(IReadOnlyList<Operation> operations)
{
    readonly Outcome[] _outcomes = new Outcome[operations.Count];
    readonly TaskCompletionSource<Outcome[]> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int _open = operations.Count;
    Exception? _failure;

    public IReadOnlyList<Operation> Operations => operations;
    public Task<Outcome[]> Done => _done.Task;

    /// <summary>The span in which it was handed in, while somebody traces.</summary>
    public ActivityContext Origin { get; } = Telemetry.Source.HasListeners() && Activity.Current is { } current ? current.Context : default;

    public void Complete(int index, Outcome outcome)
    {
        _outcomes[index] = outcome;
        CloseOne();
    }

    public void Fail(Exception exception)
    {
        Volatile.Write(ref _failure, exception);
        CloseOne();
    }

    // Answered only when nothing of it is in work any more: then a redelivery meets no transaction of its own.
    void CloseOne()
    {
        if (Interlocked.Decrement(ref _open) > 0) return;
        if (Volatile.Read(ref _failure) is { } failure) _done.SetException(failure);
        else _done.SetResult(_outcomes);
    }
}

/// <summary>One operation of a <see cref="Submission"/>, waiting for a transaction.</summary>
readonly record struct Pending(Submission Submission, int Index, long ArrivedAt, bool GaveWay)
{
    public Operation Operation => Submission.Operations[Index];
}
