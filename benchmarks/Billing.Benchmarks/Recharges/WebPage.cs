using System.Text.Json;
using Billing.Contracts;
using Billing.Sagas;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Billing.Benchmarks.Recharges;

/// <summary>Orders recharges as a web page does: a request on the broker, answered with the pay URL over direct reply-to.</summary>
sealed class WebPage : IAsyncDisposable
{
    const string ReplyTo = "amq.rabbitmq.reply-to";
    const string StartRecharge = "Billing.Contracts:StartRecharge";
    const int UsersMax = 1_000;

    readonly Uri _address;
    readonly IConnection _connection;
    readonly IChannel _channel;
    int _orders;
    int _answers;
    long _nanos;

    WebPage(Uri address, IConnection connection, IChannel channel) => (_address, _connection, _channel) = (address, connection, channel);

    public int Answers => _answers;

    public Money Ordered => new(Interlocked.Read(ref _nanos));

    public static async Task<WebPage> Open(Uri address)
    {
        var connection = await new ConnectionFactory { Uri = address }.CreateConnectionAsync("web");
        var channel = await VirtualHost.Channel(connection);
        var page = new WebPage(address, connection, channel);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, _) =>
        {
            Interlocked.Increment(ref page._answers);
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(ReplyTo, autoAck: true, consumer);
        return page;
    }

    /// <summary>The id of a recharge whose order the broker has confirmed.</summary>
    public async Task<Guid> Order()
    {
        var number = Interlocked.Increment(ref _orders);
        var (userId, key, amount) = ($"user-{number % UsersMax:D7}", $"order-{number}", Money.Parse($"{number % 50 + 1}.25"));
        var requestId = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        var envelope = JsonSerializer.SerializeToUtf8Bytes(new
        {
            messageId = requestId,
            requestId,
            responseAddress = $"rabbitmq://{_address.Host}:{_address.Port}{_address.AbsolutePath}/{ReplyTo}",
            messageType = (string[])[$"urn:message:{StartRecharge}"],
            message = new { userId, amount = amount.ToString(), currency = "USD", channel = "card", idempotencyKey = key },
        });
        await _channel.BasicPublishAsync(StartRecharge, "", mandatory: true,
            new BasicProperties { Persistent = true, ContentType = "application/vnd.masstransit+json", ReplyTo = ReplyTo }, envelope);
        Interlocked.Add(ref _nanos, amount.Nanos);
        return RechargeId.Of(userId, key);
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
