using Billing.TestSupport;
using Billing.TestSupport.Webhooks;
using Xunit.Abstractions;

namespace Billing.Tests.Webhooks;

public sealed class EmbeddedWebhookTests(EmbeddedWebhookService running, ITestOutputHelper output) : WebhookCompliance(output), IClassFixture<EmbeddedWebhookService>
{
    protected override Task<TestService> OpenService() => Task.FromResult(running.Service);

    protected override Task CloseService() => Task.CompletedTask;

    internal static string[] ServiceSettings => Settings;
}

public sealed class EmbeddedWebhookService : IAsyncLifetime
{
    public TestService Service { get; private set; } = null!;

    public async Task InitializeAsync() => Service = await TestService.Start(settings: EmbeddedWebhookTests.ServiceSettings);

    public async Task DisposeAsync() => await Service.DisposeAsync();
}
