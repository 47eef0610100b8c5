using RabbitMQ.Client;

namespace Billing.Demo.Payments.Broker;

/// <summary>The exchanges and the queue that docs/payments.md names, and a connection that knows them.</summary>
static class BrokerLink
{
    public const string Queue = "payment-service";
    public const string CreatePayment = "Billing.Contracts:CreatePayment";
    public const string QueryPayment = "Billing.Contracts:QueryPayment";

    const int UnconfirmedMax = 256;

    static readonly CreateChannelOptions Confirmed = new(
        publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true, new ThrottlingRateLimiter(UnconfirmedMax));

    public static string ExchangeOf(NoticeKind kind) => $"Billing.Contracts:Payment{kind}";

    public static async Task<(IConnection Connection, IChannel Channel)> Open(Uri address, CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory { Uri = address, ClientProvidedName = "payment-service", AutomaticRecoveryEnabled = false };
        var connection = await factory.CreateConnectionAsync(cancellationToken);
        try
        {
            var channel = await connection.CreateChannelAsync(Confirmed, cancellationToken);
            string[] exchanges = [CreatePayment, QueryPayment, .. Enum.GetValues<NoticeKind>().Select(ExchangeOf)];
            foreach (var exchange in exchanges) await channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: cancellationToken);
            return (connection, channel);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
