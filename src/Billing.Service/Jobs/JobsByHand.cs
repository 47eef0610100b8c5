namespace Billing.Service.Jobs;

/// <summary>Runs that an operator asked for. The answer does not wait for their end; a stop of the service does, and breaks them off.</summary>
sealed class JobsByHand(JobRunner runner) : IHostedService, IDisposable
{
    readonly CancellationTokenSource _stopping = new();
    readonly Lock _lock = new();
    readonly List<Task> _running = [];

    /// <summary>Null when it is running.</summary>
    public async Task<JobRun?> Start(JobPlan plan, CancellationToken cancellationToken)
    {
        if (await runner.Begin(plan, due: null, cancellationToken) is not { } run) return null;
        lock (_lock)
        {
            _running.RemoveAll(task => task.IsCompleted);
            _running.Add(Task.Run(() => runner.Carry(plan, run, _stopping.Token), CancellationToken.None));
        }
        return run;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        Task[] running;
        lock (_lock) running = [.. _running];
        await Task.WhenAll(running).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _stopping.Dispose();
}
