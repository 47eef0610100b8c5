using Billing.Service.Hosting;
using Billing.Service.Observability;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using RabbitMQ.Client;

namespace Billing.IntegrationTests.Broker;

/// <summary>A process whose queues nobody consumes from any more is of no use to anybody, and ends.</summary>
[Collection(ServersCollection.Name)]
public sealed class BusWatchTests(ServiceOnServers running) : IClassFixture<ServiceOnServers>
{
    static readonly BrokerOptions Often = new() { LookAtBusEvery = TimeSpan.FromMilliseconds(50) };

    [Fact]
    public async Task A_queue_without_a_consumer_ends_the_process()
    {
        await running.Broker.AllowOtherMessages();
        await using var connection = await new ConnectionFactory { Uri = running.Broker.AsAdministrator }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        var queue = (await channel.QueueDeclareAsync("deaf-to-this", durable: false, exclusive: false)).QueueName;

        var lifetime = await Watch(queue, until: lifetime => lifetime.Stopped);

        Assert.True(lifetime.Stopped);
    }

    [Fact]
    public async Task Queues_that_are_consumed_from_do_not()
    {
        var looks = TimeSpan.FromSeconds(3);
        var began = TimeProvider.System.GetTimestamp();

        var lifetime = await Watch("billing-usage", until: _ => TimeProvider.System.GetElapsedTime(began) > looks);

        Assert.False(lifetime.Stopped);
    }

    async Task<Lifetime> Watch(string queue, Func<Lifetime, bool> until)
    {
        var exitCode = Environment.ExitCode;
        var lifetime = new Lifetime();
        using var watch = new BusWatch(
            running.Service.Services.GetRequiredService<IBusControl>(), new ServerAddresses(null, running.Broker.AsService, null), Often, new BusLook(running.Service.Services.GetRequiredService<QueueMetrics>()), lifetime, TimeProvider.System, NullLogger<BusWatch>.Instance);
        await watch.StartAsync(CancellationToken.None);
        await watch.Ready(new EndpointReady(queue));
        await Eventually.That(() => Task.FromResult(until(lifetime)), done => done, $"{queue} was looked at");
        await watch.StopAsync(CancellationToken.None);
        Environment.ExitCode = exitCode;
        return lifetime;
    }

    sealed class Lifetime : IHostApplicationLifetime
    {
        public bool Stopped { get; private set; }
        public CancellationToken ApplicationStarted => CancellationToken.None;
        public CancellationToken ApplicationStopping => CancellationToken.None;
        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => Stopped = true;
    }

    sealed class EndpointReady(string queue) : ReceiveEndpointReady
    {
        public Uri InputAddress { get; } = new($"rabbitmq://localhost/billing/{queue}");
        public IReceiveEndpoint ReceiveEndpoint => throw new NotSupportedException();
        public bool IsStarted => true;
    }
}
