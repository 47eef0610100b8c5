using Billing.TestSupport.Messaging;

namespace Billing.IntegrationTests.Messaging;

[Collection(ServersCollection.Name)]
public sealed class PostgresInMemoryMessagingTests(Servers servers) : InProcessMessagingCompliance
{
    protected override async Task<MessagingDatabase> OpenDatabase() => await PostgresMessagingDatabase.Create(servers);

    protected override Task<MessagingTransport> OpenTransport() => Task.FromResult<MessagingTransport>(new InMemoryTransport());
}
