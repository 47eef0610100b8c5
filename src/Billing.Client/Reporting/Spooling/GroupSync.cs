namespace Billing.Client.Reporting.Spooling;

/// <summary>Forces the spool to the disk for all who wait, together.</summary>
sealed class GroupSync(Spool spool)
{
    readonly Lock _lock = new();
    TaskCompletionSource? _next;
    bool _running;

    /// <summary>Ends when all that was written before this call is on the disk.</summary>
    public Task Sync()
    {
        lock (_lock)
        {
            _next ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (!_running)
            {
                _running = true;
                _ = Task.Run(Work);
            }
            return _next.Task;
        }
    }

    void Work()
    {
        while (true)
        {
            TaskCompletionSource waiting;
            lock (_lock)
            {
                _running = _next is not null;
                if (_next is null) return;
                (waiting, _next) = (_next, null);
            }
            try
            {
                spool.Sync();
                waiting.SetResult();
            }
            catch (IOException exception)
            {
                waiting.SetException(exception);
            }
        }
    }
}
