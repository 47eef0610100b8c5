using System.Diagnostics;
using Billing.Benchmarks.Recharges;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Billing.Benchmarks.Compare;

/// <summary>The limit: RabbitMQ.Client publishing with confirms and consuming with acknowledgements, and nothing done with what comes.</summary>
static class BrokerAlone
{
    const string Queue = "alone";
    const string Exchange = "Billing.Contracts:UsageBatch";
    const ushort Prefetch = 96;

    public static async Task<Measured> Measure(Stage stage, int round)
    {
        await using var host = await VirtualHost.Create();
        await using var connection = await new ConnectionFactory { Uri = host.AsAdministrator }.CreateConnectionAsync("alone");
        await using var channel = await connection.CreateChannelAsync();
        await channel.ExchangeDeclareAsync(Exchange, ExchangeType.Fanout, durable: true);
        await channel.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
        await channel.QueueBindAsync(Queue, Exchange, "");
        await channel.BasicQosAsync(0, Prefetch, global: false);

        var consumed = 0L;
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, delivery) =>
        {
            await channel.BasicAckAsync(delivery.DeliveryTag, multiple: false);
            Interlocked.Increment(ref consumed);
        };
        await channel.BasicConsumeAsync(Queue, autoAck: false, consumer);
        await using var load = await UsageLoad.Open(new LoadShape(), stage.Options.Seed + round, Queue, host.AsAdministrator, host.AsAdministrator);
        load.Start();
        await Task.Delay(stage.Options.WarmUp);
        load.OpenWindow();
        var (first, spent, started) = (Interlocked.Read(ref consumed), Spent.Now(), Stopwatch.GetTimestamp());
        await Task.Delay(stage.Options.Duration);
        var count = (Interlocked.Read(ref consumed) - first) * LoadShape.BatchOfSdk;
        return new Measured { PerSecond = count / Stopwatch.GetElapsedTime(started).TotalSeconds, Latency = load.Confirms.Percentiles, Costs = Spent.Now().Since(spent, count) };
    }
}
