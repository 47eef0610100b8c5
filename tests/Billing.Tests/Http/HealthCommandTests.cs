using Billing.Service.Http;

namespace Billing.Tests.Http;

public sealed class HealthCommandTests(ServiceFixture fixture) : IClassFixture<ServiceFixture>
{
    [Fact]
    public async Task A_running_instance_is_ready() => Assert.Equal(0, await Ask(fixture.Service.Client.BaseAddress!.ToString()));

    [Fact]
    public async Task Nobody_there_is_no_answer() => Assert.Equal(4, await Ask("http://127.0.0.1:9"));

    [Fact]
    public async Task What_is_no_address_is_refused_before_anyone_is_asked() => Assert.Equal(1, await Ask("somewhere"));

    static Task<int> Ask(string url) => HealthCommand.Build().Parse(["--url", url]).InvokeAsync();
}
