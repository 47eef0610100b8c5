using Billing.TestSupport.Messaging;

namespace Billing.IntegrationTests.Messaging;

[Collection(ServersCollection.Name)]
public sealed class SqliteRabbitMqMessagingTests(Servers servers) : BrokerMessagingCompliance
{
    protected override async Task<MessagingDatabase> OpenDatabase() => await SqliteMessagingDatabase.Create();

    protected override async Task<MessagingTransport> OpenTransport() => await RabbitMqTransport.Create(servers);
}
