using MassTransit;
using RabbitMQ.Client;

namespace Billing.Service.Hosting;

/// <summary>Opens the doors on the broker once there is something behind them, in place of MassTransit's own hosted service, which would not wait for it.</summary>
sealed class BrokerDoors(IBusDepot buses, Preparation preparation, ServerAddresses addresses, ILogger<BrokerDoors> logger) : IHostedService, IDisposable
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // RabbitMQ 3.10 answers before its quorum queues have elected a leader, half a second later. Who asks for a queue meanwhile
    // was seen to stop its election for good: the queue then serves nobody until the broker starts again.
    static readonly TimeSpan Elections = TimeSpan.FromSeconds(3);

    readonly CancellationTokenSource _stopping = new();
    Task _opening = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // Not awaited: the doors open when the broker is there, and until then the HTTP door charges.
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
        if (addresses.RabbitMq is { } address && await WaitedFor(address, stopping)) await Task.Delay(Elections, stopping);

        // The token is one that can be cancelled: without it MassTransit gives a broker 60 seconds to appear, and then never tries again.
        await buses.Start(stopping);
    }

    /// <summary>Returns once this user can log in to this virtual host; true when that was not so at first.</summary>
    async Task<bool> WaitedFor(Uri address, CancellationToken stopping)
    {
        var factory = new ConnectionFactory { Uri = address, AutomaticRecoveryEnabled = false, ClientProvidedName = "billing-service waits" };
        for (var waited = false; ; waited = true)
        {
            try
            {
                await using var connection = await factory.CreateConnectionAsync(stopping);
                return waited;
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested)
            {
                logger.LogWarning("Waiting for the broker: {Error}", exception.InnerException?.Message ?? exception.Message);
            }
            await Task.Delay(Pause, stopping);
        }
    }
}
