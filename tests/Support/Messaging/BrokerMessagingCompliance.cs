using System.Text;
using Billing.TestSupport.Broker;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.TestSupport.Messaging;

/// <summary>What more there is to do with a broker, and with publishers that are not MassTransit.</summary>
public abstract class BrokerMessagingCompliance : ReliableMessagingCompliance
{
    [Fact]
    public async Task A_message_without_an_id_is_new_each_time_and_one_with_an_id_is_not()
    {
        await StartHost(bus: bus => bus.AddConfigureEndpointsCallback((name, endpoint) =>
        {
            if (name == "write-note") endpoint.UseRawJsonDeserializer(RawSerializerOptions.AnyMessageType, isDefault: true);
        }));
        await using var publisher = await Publisher.Connect(((RabbitMqTransport)Transport).Vhost.AsAdministrator);
        var (anonymous, named) = (NewId.NextGuid(), NewId.NextGuid());

        for (var time = 0; time < 2; time++)
        {
            await publisher.PublishTo("write-note", "", Encoding.UTF8.GetBytes($$"""{ "key": "{{anonymous}}", "text": "plain" }"""));
            await publisher.Publish<WriteNote>(Encoding.UTF8.GetBytes($$"""{ "messageId": "{{named}}", "messageType": ["urn:message:Billing.TestSupport.Messaging:WriteNote"], "message": { "key": "{{named}}" } }"""), "application/vnd.masstransit+json");
        }

        await NoteIs(anonymous, count: 2);
        await NoteIs(named);
        await OutboxIsEmpty();
        Assert.Equal((2, 1), (await Notes(anonymous), await Notes(named)));
    }

    [Fact]
    public async Task Rows_wait_without_being_tried_while_there_is_no_broker()
    {
        var host = NewHost(bus: bus => bus.RemoveMassTransitHostedService());
        await host.StartWithoutBus();
        var key = NewId.NextGuid();
        await Publish(host, key);
        await Until(() => Lines("The outbox of OrdersDb waits"), lines => lines == 1, "the log says once that the outbox waits");

        Assert.Equal(0, await Read(db => db.Outbox.Select(row => row.DeliveryAttempts).SingleAsync()));
        await using var bus = await StartedBus(host);
        await NoteIs(key);
        await Until(() => Lines("The outbox of OrdersDb goes on"), lines => lines == 1, "the log says once that it goes on");
        Assert.Equal(1, Lines("The outbox of OrdersDb waits"));
    }

    static async Task<IAsyncDisposable> StartedBus(MessagingHost host)
    {
        var bus = host.Services.GetRequiredService<IBusControl>();
        await bus.StartAsync();
        return new Stop(bus);
    }

    sealed class Stop(IBusControl bus) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await bus.StopAsync();
    }
}
