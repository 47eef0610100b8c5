using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Billing.Demo.Payments.Broker;

/// <summary>Takes orders and questions from the broker. Acknowledged once they are safe in the journal, or answered.</summary>
sealed class BrokerDesk(Uri address, Cashier cashier, TimeProvider time)
{
    const ushort Prefetch = 50;
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Serves until it is stopped; a broker that goes away is waited for.</summary>
    public async Task Serve(Action ready, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await ServeOneConnection(ready, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                // What is not acknowledged comes again in the next life.
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested)
            {
                Console.Error.WriteLine($"waiting for the broker: {exception.InnerException?.Message ?? exception.Message}");
            }
            await Task.Delay(Pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task ServeOneConnection(Action ready, CancellationToken stopping)
    {
        var (connection, channel) = await BrokerLink.Open(address, stopping);
        await using var _ = connection;
        await channel.QueueDeclareAsync(BrokerLink.Queue, durable: true, exclusive: false, autoDelete: false, cancellationToken: stopping);
        await channel.QueueBindAsync(BrokerLink.Queue, BrokerLink.CreatePayment, "", cancellationToken: stopping);
        await channel.QueueBindAsync(BrokerLink.Queue, BrokerLink.QueryPayment, "", cancellationToken: stopping);
        await channel.BasicQosAsync(0, Prefetch, global: false, stopping);

        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.ConnectionShutdownAsync += (_, _) => Task.FromResult(ended.TrySetResult());
        channel.ChannelShutdownAsync += (_, _) => Task.FromResult(ended.TrySetResult());
        var consumer = new AsyncEventingBasicConsumer(channel);
        // Not awaited here: an answer that waits for its confirmation holds up no order behind it.
        consumer.ReceivedAsync += (_, delivery) => Task.FromResult(Handle(channel, delivery.Exchange, delivery.Body.ToArray(), delivery.DeliveryTag, ended, stopping));
        await channel.BasicConsumeAsync(BrokerLink.Queue, autoAck: false, consumer, stopping);
        ready();
        await ended.Task.WaitAsync(stopping);
    }

    async Task Handle(IChannel channel, string exchange, byte[] body, ulong tag, TaskCompletionSource ended, CancellationToken stopping)
    {
        try
        {
            await Read(exchange, body, stopping);
            await channel.BasicAckAsync(tag, multiple: false, stopping);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or FormatException)
        {
            Console.Error.WriteLine($"not understood, and thrown away: {exception.Message}");
            await channel.BasicRejectAsync(tag, requeue: false, CancellationToken.None);
        }
        catch (Exception exception)
        {
            // Not acknowledged, it comes again over the next connection.
            if (!stopping.IsCancellationRequested) Console.Error.WriteLine($"not taken: {exception.Message}");
            ended.TrySetResult();
        }
    }

    async Task Read(string exchange, byte[] body, CancellationToken stopping)
    {
        using var envelope = JsonDocument.Parse(body);
        var message = envelope.RootElement.GetProperty("message");
        if (exchange == BrokerLink.QueryPayment) await cashier.Answer(message.GetProperty("rechargeId").GetGuid(), stopping);
        else await cashier.Take(message.Deserialize<PaymentOrder>(Json)!, stopping);
    }
}
