using Billing.TestSupport.Messaging;

namespace Billing.Tests.Messaging;

public sealed class SqliteInMemoryMessagingTests : InProcessMessagingCompliance
{
    protected override async Task<MessagingDatabase> OpenDatabase() => await SqliteMessagingDatabase.Create();

    protected override Task<MessagingTransport> OpenTransport() => Task.FromResult<MessagingTransport>(new InMemoryTransport());
}
