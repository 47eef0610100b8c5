using System.Collections.Concurrent;
using MassTransit;
using RabbitMQ.Client;

namespace Billing.Service.Hosting;

/// <summary>
/// Looks at the bus now and then, over a connection of its own. MassTransit 8.4.0 may stay deaf or mute for ever after its connection was
/// cut: an endpoint whose start is broken off by a cancelled call never starts again (mended in 8.5, which needs a client that is not to be
/// had), and no bus can be started twice. Then the process ends, and whoever started it starts another. Messages are with the broker
/// meanwhile, and in the outbox.
/// </summary>
/// <remarks>A broker that is away, or takes nothing from anybody, is no trouble of the bus.</remarks>
public sealed class BusWatch(IBusControl bus, ServerAddresses addresses, BrokerOptions options, BusLook look, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<BusWatch> logger)
    : BackgroundService, IReceiveEndpointObserver
{
    /// <summary>As in <c>sysexits.h</c>: a failure that a start heals.</summary>
    public const int ExitCode = 75;

    /// <summary>Looks in a row with the same trouble. MassTransit tries again by itself, at longer and longer intervals of up to half a minute.</summary>
    const int EndAfter = 12;

    readonly ConcurrentDictionary<string, bool> _queues = new();
    Dictionary<string, int> _inARow = [];

    public Task Ready(ReceiveEndpointReady ready)
    {
        var queue = ready.InputAddress.AbsolutePath.Split('/')[^1];
        // The bus has an endpoint of its own besides, whose queue is not there: asked for that one, the broker would end the look at all.
        if (!queue.Contains("_bus_", StringComparison.Ordinal)) _queues[queue] = true;
        return Task.CompletedTask;
    }

    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

    public Task Faulted(ReceiveEndpointFaulted faulted) => Task.CompletedTask;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        bus.ConnectReceiveEndpointObserver(this);
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var factory = new ConnectionFactory { Uri = addresses.RabbitMq!, AutomaticRecoveryEnabled = false, ClientProvidedName = "billing-service watches its bus" };
        IConnection? connection = null;
        using var looks = new PeriodicTimer(options.LookAtBusEvery, time);
        while (await NextLook(looks, stoppingToken))
        {
            try
            {
                if (connection is not { IsOpen: true })
                {
                    connection?.Dispose();
                    connection = await factory.CreateConnectionAsync(stoppingToken);
                    // A broker that has just started elects its queues' leaders, and who asks for a queue meanwhile may stop that.
                    continue;
                }
                var troubles = await look.Troubles(connection, bus, _queues.Keys, stoppingToken);
                _inARow = troubles.Distinct().ToDictionary(trouble => trouble, trouble => _inARow.GetValueOrDefault(trouble) + 1);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogDebug(exception, "The bus could not be looked at");
                look.Failed();
                _inARow = [];
                connection?.Dispose();
                connection = null;
                continue;
            }
            if (_inARow.FirstOrDefault(seen => seen.Value >= EndAfter).Key is not { } lasting) continue;

            logger.LogCritical("{Trouble} for {Seconds} s although the broker answers: this process ends, to be started again", lasting, (EndAfter * options.LookAtBusEvery).TotalSeconds);
            Environment.ExitCode = ExitCode;
            lifetime.StopApplication();
            break;
        }
        connection?.Dispose();
    }

    static async Task<bool> NextLook(PeriodicTimer looks, CancellationToken stopping)
    {
        try
        {
            return await looks.WaitForNextTickAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
