using Billing.TestSupport.Messaging;

namespace Billing.IntegrationTests.Messaging;

[Collection(ServersCollection.Name)]
public sealed class PostgresRabbitMqMessagingTests(Servers servers) : BrokerMessagingCompliance
{
    protected override async Task<MessagingDatabase> OpenDatabase() => await PostgresMessagingDatabase.Create(servers);

    protected override async Task<MessagingTransport> OpenTransport() => await RabbitMqTransport.Create(servers);
}
