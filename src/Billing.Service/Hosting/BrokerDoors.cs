using MassTransit;

namespace Billing.Service.Hosting;

/// <summary>Opens the doors on the broker once there is something behind them, in place of MassTransit's own hosted service, which would not wait for it.</summary>
sealed class BrokerDoors(IBusDepot buses, Preparation preparation) : IHostedService, IDisposable
{
    readonly CancellationTokenSource _stopping = new();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!await preparation.Succeeded.WaitAsync(cancellationToken)) return;

        // Not awaited: it ends when the broker is there, and until then the HTTP door charges. The token is one that can be
        // cancelled: without it MassTransit gives a broker 60 seconds to appear, and then never tries again.
        _ = buses.Start(_stopping.Token);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await buses.Stop(cancellationToken);
    }

    public void Dispose() => _stopping.Dispose();
}
