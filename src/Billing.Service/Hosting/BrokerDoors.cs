using MassTransit;

namespace Billing.Service.Hosting;

/// <summary>Opens the doors on the broker once there is something behind them, in place of MassTransit's own hosted service, which would not wait for it.</summary>
sealed class BrokerDoors(IBusDepot buses, Preparation preparation) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!await preparation.Succeeded.WaitAsync(cancellationToken)) return;

        // Not awaited: it ends when the broker is there, and until then the HTTP door charges.
        _ = buses.Start(CancellationToken.None);
    }

    public Task StopAsync(CancellationToken cancellationToken) => buses.Stop(cancellationToken);
}
