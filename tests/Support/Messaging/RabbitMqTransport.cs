using Billing.TestSupport.Broker;
using MassTransit;

namespace Billing.TestSupport.Messaging;

/// <summary>A virtual host of its own.</summary>
public sealed class RabbitMqTransport : MessagingTransport
{
    RabbitMqTransport(BrokerVhost vhost) => Vhost = vhost;

    public BrokerVhost Vhost { get; }

    public static async Task<RabbitMqTransport> Create(Servers servers)
    {
        var transport = new RabbitMqTransport(await BrokerVhost.Create(servers));
        await transport.Vhost.AllowOtherMessages();
        return transport;
    }

    public override void Use(IBusRegistrationConfigurator bus) => bus.UsingRabbitMq((context, rabbitMq) =>
    {
        var address = Vhost.AsAdministrator;
        rabbitMq.Host(address, host =>
        {
            var user = address.UserInfo.Split(':');
            host.Username(Uri.UnescapeDataString(user[0]));
            host.Password(Uri.UnescapeDataString(user[1]));
        });
        Configure(rabbitMq, context);
        rabbitMq.ConfigureEndpoints(context);
    });

    public override ValueTask DisposeAsync() => Vhost.DisposeAsync();
}
