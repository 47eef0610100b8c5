using MassTransit;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Billing.Service.Hosting;

/// <summary>Opens the doors on the broker once there is something behind them, in place of MassTransit's own hosted service, which would not wait for it.</summary>
sealed class BrokerDoors(IBusDepot buses, Preparation preparation, ServerAddresses addresses, ILogger<BrokerDoors> logger) : IHostedService, IDisposable
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    readonly CancellationTokenSource _stopping = new();
    Task _opening = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // Not awaited: it ends when the broker is there, and until then the HTTP door charges.
        if (await preparation.Succeeded.WaitAsync(cancellationToken)) _opening = Open(_stopping.Token);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _opening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await buses.Stop(cancellationToken);
    }

    public void Dispose() => _stopping.Dispose();

    async Task Open(CancellationToken stopping)
    {
        if (addresses.RabbitMq is { } address) await WaitFor(address, stopping);

        // The token is one that can be cancelled: without it MassTransit gives a broker 60 seconds to appear, and then never tries again.
        await buses.Start(stopping);
    }

    // A bus that meets a broker in the middle of its own start may end for good, and cannot be started again: it begins only
    // when this very user can log in to this very virtual host.
    async Task WaitFor(Uri address, CancellationToken stopping)
    {
        var factory = new ConnectionFactory { Uri = address, AutomaticRecoveryEnabled = false, ClientProvidedName = "billing-service waits" };
        while (true)
        {
            try
            {
                await using var connection = await factory.CreateConnectionAsync(stopping);
                return;
            }
            catch (Exception exception) when (exception is BrokerUnreachableException or OperationInterruptedException or IOException)
            {
                logger.LogWarning("Waiting for the broker: {Error}", exception.InnerException?.Message ?? exception.Message);
            }
            await Task.Delay(Pause, stopping);
        }
    }
}
