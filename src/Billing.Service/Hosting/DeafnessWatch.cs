using System.Collections.Concurrent;
using Billing.Service.Observability;
using MassTransit;
using RabbitMQ.Client;

namespace Billing.Service.Hosting;

/// <summary>
/// Asks the broker now and then who consumes from this service's queues. A consumer that the broker has dropped, while this process
/// takes itself for connected, hears nothing for ever: then the process ends, and whoever started it starts another. Messages are
/// with the broker meanwhile.
/// </summary>
/// <remarks>With several instances a queue that one of them is deaf to is served by the others.</remarks>
public sealed class DeafnessWatch(
    IBusControl bus, ServerAddresses addresses, BrokerOptions options, QueueMetrics metrics, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<DeafnessWatch> logger)
    : BackgroundService, IReceiveEndpointObserver
{
    /// <summary>As in <c>sysexits.h</c>: a failure that a start heals.</summary>
    public const int ExitCode = 75;

    /// <summary>Looks in a row without a consumer: after a long outage of the broker the endpoints come back by and by, within a minute.</summary>
    const int DeafAfter = 24;

    readonly ConcurrentDictionary<string, int> _looksWithout = new();

    public Task Ready(ReceiveEndpointReady ready)
    {
        var queue = ready.InputAddress.AbsolutePath.Split('/')[^1];
        // The bus has an endpoint of its own besides, whose queue is not there: asked for that one, the broker would end the look at all.
        if (!queue.Contains("_bus_", StringComparison.Ordinal)) _looksWithout[queue] = 0;
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
        var factory = new ConnectionFactory { Uri = addresses.RabbitMq!, AutomaticRecoveryEnabled = false, ClientProvidedName = "billing-service watches its queues" };
        IConnection? connection = null;
        using var looks = new PeriodicTimer(options.LookAtConsumersEvery, time);
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
                if (await FirstDeaf(connection, stoppingToken) is not { } queue) continue;
                logger.LogCritical("Nobody has consumed from {Queue} for {Seconds} s although the broker answers: this process ends, to be started again", queue, (DeafAfter * options.LookAtConsumersEvery).TotalSeconds);
                Environment.ExitCode = ExitCode;
                lifetime.StopApplication();
                break;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // A broker that is away deafens nobody.
                logger.LogDebug(exception, "The queues could not be looked at");
                metrics.Unknown();
                foreach (var queue in _looksWithout.Keys) _looksWithout[queue] = 0;
                connection?.Dispose();
                connection = null;
            }
        }
        connection?.Dispose();
    }

    async Task<string?> FirstDeaf(IConnection connection, CancellationToken cancellationToken)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        foreach (var queue in _looksWithout.Keys)
        {
            // It needs no right on the queue.
            var seen = await channel.QueueDeclarePassiveAsync(queue, cancellationToken);
            var consumers = seen.ConsumerCount;
            metrics.Seen(queue, seen.MessageCount, consumers);
            if (_looksWithout.AddOrUpdate(queue, 0, (_, looks) => consumers == 0 ? looks + 1 : 0) >= DeafAfter) return queue;
        }
        return null;
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
