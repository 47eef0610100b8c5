namespace Billing.ReliableMessaging.Delivery;

/// <summary>A message on its way to some queues of this process.</summary>
sealed class ExpectedMessage(IReadOnlySet<string> queues, bool mandatory)
{
    readonly TaskCompletionSource _consumed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly HashSet<string> _open = new(queues, StringComparer.OrdinalIgnoreCase);
    bool _delivered;

    public Task Consumed => _consumed.Task;

    /// <summary>The exception of the consumer that failed last.</summary>
    public Exception? Reason { get; set; }

    /// <summary>An endpoint is done with it. When one has failed, none of the others needs to be waited for: all get it again.</summary>
    public void Settled(string queue, bool delivered, Exception? failure)
    {
        if (failure is not null)
        {
            _consumed.TrySetException(Reason ?? failure);
            return;
        }

        lock (_open)
        {
            _delivered |= delivered;
            if (!_open.Remove(queue) || _open.Count > 0) return;
        }
        // Endpoints that have no consumer for it skip it, as if nobody were there.
        if (mandatory && !_delivered) _consumed.TrySetException(new NobodyConsumesException(null));
        else _consumed.TrySetResult();
    }
}
