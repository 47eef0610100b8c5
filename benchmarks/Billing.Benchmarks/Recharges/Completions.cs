using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Billing.Benchmarks.Recharges;

/// <summary>Hears of each completed recharge, on a queue of its own.</summary>
sealed class Completions : IAsyncDisposable
{
    const string RechargeCompleted = "Billing.Contracts:RechargeCompleted";
    static readonly TimeSpan GiveUpAfter = TimeSpan.FromMinutes(5);

    readonly ConcurrentDictionary<Guid, TaskCompletionSource<long>> _completed = new();
    readonly IConnection _connection;
    readonly IChannel _channel;

    Completions(IConnection connection, IChannel channel) => (_connection, _channel) = (connection, channel);

    public static async Task<Completions> Listen(Uri address)
    {
        var connection = await new ConnectionFactory { Uri = address }.CreateConnectionAsync("completions");
        var channel = await connection.CreateChannelAsync();
        var completions = new Completions(connection, channel);
        var queue = (await channel.QueueDeclareAsync()).QueueName;
        await channel.ExchangeDeclareAsync(RechargeCompleted, ExchangeType.Fanout, durable: true);
        await channel.QueueBindAsync(queue, RechargeCompleted, "");
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) => completions.Receive(delivery);
        await channel.BasicConsumeAsync(queue, autoAck: true, consumer);
        return completions;
    }

    /// <summary>When each of them was heard of.</summary>
    public async Task<long[]> Of(params IReadOnlyList<Guid> recharges)
    {
        var all = Task.WhenAll(recharges.Select(recharge => Completion(recharge).Task));
        try
        {
            return await all.WaitAsync(GiveUpAfter);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{recharges.Count(recharge => !Completion(recharge).Task.IsCompleted)} of {recharges.Count} recharges are not completed after {GiveUpAfter.TotalMinutes} minutes.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }

    Task Receive(BasicDeliverEventArgs delivery)
    {
        var received = Stopwatch.GetTimestamp();
        var recharge = JsonSerializer.Deserialize<JsonElement>(delivery.Body.Span).GetProperty("message").GetProperty("rechargeId").GetGuid();
        // Announced again, the first time counts.
        Completion(recharge).TrySetResult(received);
        return Task.CompletedTask;
    }

    TaskCompletionSource<long> Completion(Guid recharge) => _completed.GetOrAdd(recharge, _ => new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));
}
