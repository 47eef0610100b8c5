using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Billing.Benchmarks.Recharges;

/// <summary>A payment service that behaves as docs/payments.md says: each order has its payment at once, and its money <see cref="PaidAfter"/> that.</summary>
sealed class PaymentService : IAsyncDisposable
{
    const string Queue = "payment-service";
    const ushort OrdersAtOnce = 128;

    readonly ConcurrentDictionary<Guid, TaskCompletionSource<long>> _confirmed = new();
    readonly IConnection _connection;
    readonly IChannel _channel;

    PaymentService(IConnection connection, IChannel channel) => (_connection, _channel) = (connection, channel);

    public TimeSpan PaidAfter { get; set; } = TimeSpan.Zero;

    /// <summary>When the broker had confirmed the news that a recharge is paid. The recharge may be completed before that is known here.</summary>
    public Task<long> Paid(Guid recharge) => Confirmation(recharge).Task;

    public static async Task<PaymentService> Start(Uri address)
    {
        var connection = await new ConnectionFactory { Uri = address }.CreateConnectionAsync(Queue);
        var channel = await VirtualHost.Channel(connection, OrdersAtOnce);
        var service = new PaymentService(connection, channel);
        await channel.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
        await channel.ExchangeDeclareAsync("Billing.Contracts:CreatePayment", ExchangeType.Fanout, durable: true);
        await channel.QueueBindAsync(Queue, "Billing.Contracts:CreatePayment", "");
        await channel.BasicQosAsync(0, OrdersAtOnce, global: false);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) => service.Take(delivery);
        await channel.BasicConsumeAsync(Queue, autoAck: false, consumer);
        return service;
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }

    async Task Take(BasicDeliverEventArgs delivery)
    {
        var order = JsonSerializer.Deserialize<JsonElement>(delivery.Body.Span).GetProperty("message");
        var (rechargeId, amount) = (order.GetProperty("rechargeId").GetGuid(), order.GetProperty("amount").GetString());
        var paymentId = $"pay-{rechargeId:N}";
        await Publish("PaymentCreated", new { rechargeId, paymentId, payUrl = $"https://pay.example/{rechargeId}" });
        if (PaidAfter > TimeSpan.Zero) await Task.Delay(PaidAfter);
        await Publish("PaymentSucceeded", new { rechargeId, paymentId, amount, currency = "USD" });
        Confirmation(rechargeId).TrySetResult(Stopwatch.GetTimestamp());
        await _channel.BasicAckAsync(delivery.DeliveryTag, multiple: false);
    }

    TaskCompletionSource<long> Confirmation(Guid recharge) => _confirmed.GetOrAdd(recharge, _ => new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));

    ValueTask Publish(string message, object body) => _channel.BasicPublishAsync($"Billing.Contracts:{message}", "", mandatory: true,
        new BasicProperties { Persistent = true, ContentType = "application/json" }, JsonSerializer.SerializeToUtf8Bytes(body));
}
