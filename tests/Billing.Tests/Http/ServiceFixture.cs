namespace Billing.Tests.Http;

/// <summary>One running service for the tests of a class; each test uses users of its own.</summary>
public sealed class ServiceFixture : IAsyncLifetime
{
    internal RunningService Service { get; private set; } = null!;

    public async Task InitializeAsync() => Service = await RunningService.Start();

    public async Task DisposeAsync() => await Service.DisposeAsync();
}
