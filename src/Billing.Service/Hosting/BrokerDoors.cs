using System.Diagnostics;
using MassTransit;

namespace Billing.Service.Hosting;

/// <summary>
/// Opens the doors on the broker once there is something behind them, in place of MassTransit's own hosted service, and keeps them
/// open: an endpoint that lost its queue to a broker's restart may stay deaf for good, while the others work.
/// </summary>
sealed class BrokerDoors(IBusDepot buses, IBusControl bus, Preparation preparation, ServerAddresses addresses, IHostApplicationLifetime lifetime, ILogger<BrokerDoors> logger)
    : IHostedService, IDisposable
{
    const int ExitCodeOfDeafness = 70;
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    static readonly TimeSpan DeafMax = TimeSpan.FromSeconds(15);
    static readonly TimeSpan ReopeningMax = TimeSpan.FromSeconds(30);

    readonly BrokerProbe? _probe = addresses.RabbitMq is { } address ? new BrokerProbe(address, Broker.Queues) : null;
    readonly CancellationTokenSource _stopping = new();
    Task _open = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // Not awaited: the doors open when the broker is there, and until then the HTTP door charges.
        if (await preparation.Succeeded.WaitAsync(cancellationToken)) _open = KeepOpen(_stopping.Token);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _open.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await buses.Stop(cancellationToken);
    }

    public void Dispose() => _stopping.Dispose();

    async Task KeepOpen(CancellationToken stopping)
    {
        await UntilBrokerServes(stopping);
        // The token is one that can be cancelled: without it MassTransit gives a broker 60 seconds to appear, and then never tries again.
        await buses.Start(stopping);

        while (_probe is not null)
        {
            await UntilDeaf(stopping);
            logger.LogError("The broker serves, and an endpoint has been deaf for {DeafSeconds} s: opening the doors anew", DeafMax.TotalSeconds);
            await Reopen(stopping);
        }
    }

    async Task UntilBrokerServes(CancellationToken stopping)
    {
        while (_probe is not null && await _probe.Trouble(stopping) is { } trouble)
        {
            logger.LogWarning("Waiting for the broker: {Error}", trouble);
            await Task.Delay(Pause, stopping);
        }
    }

    // While the broker is away MassTransit tries by itself, and being deaf is no fault of ours.
    async Task UntilDeaf(CancellationToken stopping)
    {
        var deaf = new Stopwatch();
        while (deaf.Elapsed < DeafMax)
        {
            await Task.Delay(Pause, stopping);
            if (bus.CheckHealth().Status == BusHealthStatus.Healthy || await _probe!.Trouble(stopping) is not null) deaf.Reset();
            else deaf.Start();
        }
    }

    // Messages in hand go back to their queues. If even this fails, a new process will do: whoever runs this one starts it again.
    async Task Reopen(CancellationToken stopping)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        patience.CancelAfter(ReopeningMax);
        try
        {
            await buses.Stop(patience.Token);
            await buses.Start(patience.Token);
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            logger.LogCritical(exception, "The doors on the broker cannot be opened again: ending the process");
            Environment.ExitCode = ExitCodeOfDeafness;
            lifetime.StopApplication();
            throw;
        }
    }
}
