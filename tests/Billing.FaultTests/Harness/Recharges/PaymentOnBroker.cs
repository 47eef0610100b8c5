using System.Collections.Concurrent;
using System.Text.Json;
using RabbitMQ.Client;

namespace Billing.FaultTests.Harness.Recharges;

/// <summary>On RabbitMQ in plain JSON, as docs/payments.md says, as the payment service's own user. A lost connection is made anew.</summary>
sealed class PaymentOnBroker : IPaymentService
{
    const string Queue = "payment-service";
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    readonly Uri _address;
    readonly CancellationTokenSource _stopping = new();
    readonly ConcurrentDictionary<Guid, string> _succeeded = new();
    readonly Task _serving;

    public PaymentOnBroker(Uri address)
    {
        _address = address;
        _serving = Task.Run(Serve);
    }

    public IReadOnlyDictionary<Guid, string> Succeeded => _succeeded;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _serving;
        _stopping.Dispose();
    }

    async Task Serve()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await using var connection = await BrokerPublisher.Factory(_address).CreateConnectionAsync(Queue, _stopping.Token);
                await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), _stopping.Token);
                await Bind(channel);
                while (!_stopping.IsCancellationRequested) await Take(channel);
            }
            catch (Exception) when (!_stopping.IsCancellationRequested)
            {
                // The broker is away, or its queues are not up yet: what was not acknowledged comes again.
                await Task.Delay(Pause, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
            }
        }
    }

    static async Task Bind(IChannel channel)
    {
        await channel.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false);
        foreach (var message in (string[])["CreatePayment", "QueryPayment"])
        {
            await channel.ExchangeDeclareAsync($"Billing.Contracts:{message}", ExchangeType.Fanout, durable: true);
            await channel.QueueBindAsync(Queue, $"Billing.Contracts:{message}", "");
        }
    }

    async Task Take(IChannel channel)
    {
        if (await channel.BasicGetAsync(Queue, autoAck: false, _stopping.Token) is not { } delivery)
        {
            await Task.Delay(Poll, _stopping.Token);
            return;
        }

        var order = JsonDocument.Parse(delivery.Body).RootElement.GetProperty("message");
        var recharge = order.GetProperty("rechargeId").GetGuid();
        if (order.TryGetProperty("amount", out var amount))
        {
            await Publish(channel, "PaymentCreated", new { rechargeId = recharge, paymentId = PaymentOf(recharge), payUrl = $"https://pay.example/{recharge}" });
            _succeeded.TryAdd(recharge, amount.GetString()!);
        }
        if (_succeeded.TryGetValue(recharge, out var paid))
        {
            var success = new { rechargeId = recharge, paymentId = PaymentOf(recharge), amount = paid, currency = "USD" };
            await Task.WhenAll(Publish(channel, "PaymentSucceeded", success), Publish(channel, "PaymentSucceeded", success));
        }
        await channel.BasicAckAsync(delivery.DeliveryTag, multiple: false, _stopping.Token);
    }

    static string PaymentOf(Guid recharge) => $"pay-{recharge:N}";

    Task Publish(IChannel channel, string message, object body) => channel.BasicPublishAsync($"Billing.Contracts:{message}", "", mandatory: true,
        new BasicProperties { Persistent = true, ContentType = "application/json" }, JsonSerializer.SerializeToUtf8Bytes(body), _stopping.Token).AsTask();
}
