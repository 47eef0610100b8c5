using Billing.Client.Requests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Billing.Client.Reporting;

/// <summary>
/// Starts the reporter before all else in the host and stops it after all else, so that the last request's usage is reported too.
/// Without a folder there is no reporter: a program may use the client for its questions alone.
/// </summary>
sealed class UsageReporterService(IServiceProvider services, IOptions<UsageReporterOptions> options, ILogger<UsageReporter> log) : IHostedLifecycleService
{
    static readonly TimeSpan ClockWithin = TimeSpan.FromSeconds(2);
    static readonly TimeSpan ClockLook = TimeSpan.FromSeconds(5);

    readonly CancellationTokenSource _stop = new();
    UsageReporter? _reporter;
    Task _clockKeeping = Task.CompletedTask;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Directory is null) return;
        await SetClock(cancellationToken);
        _reporter = services.GetRequiredService<UsageReporter>();
        await _reporter.Start(cancellationToken);
        _clockKeeping = KeepClock();
    }

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (_reporter is not null) await _reporter.Stop(cancellationToken);
        await _stop.CancelAsync();
        await _clockKeeping;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    async Task KeepClock()
    {
        var (time, clock) = (services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ServiceClock>());
        using var timer = new PeriodicTimer(ClockLook, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                if (clock.IsDue) await SetClock(_stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }

    /// <summary>A gateway starts without the service too: its usage then carries the machine's time until the first answer.</summary>
    async Task SetClock(CancellationToken cancellationToken)
    {
        try
        {
            await services.GetRequiredService<ServiceClockSetter>().Set().WaitAsync(ClockWithin, cancellationToken);
        }
        catch (Exception exception) when (exception is BillingException or TimeoutException)
        {
            log.LogDebug(exception, "The service's clock is not known; usage carries this machine's time");
        }
    }
}
