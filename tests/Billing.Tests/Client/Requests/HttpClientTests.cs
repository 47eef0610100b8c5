using System.Net.Http.Json;
using Billing.Client;
using Billing.TestSupport;
using Billing.TestSupport.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Tests.Client.Requests;

public sealed class HttpClientTests : BillingClientCompliance, IAsyncLifetime
{
    TestService _service = null!;

    protected override Uri Gateway => _service.Http.BaseAddress!;
    protected override Uri Web => Gateway;
    protected override Uri Partner => Gateway;

    public async Task InitializeAsync() => _service = await TestService.Start();

    public async Task DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task Nobody_at_the_address_is_no_answer_in_time()
    {
        await using var services = Services(new Uri("http://127.0.0.1:9"), timeout: TimeSpan.FromSeconds(2));

        var exception = await Assert.ThrowsAsync<BillingException>(() => services.GetRequiredService<IBillingClient>().GetAccountAsync(new GetAccount { UserId = "ann" }));

        Assert.Equal((ClientErrorCodes.NoAnswer, true), (exception.Code, exception.IsTransient));
    }

    [Fact]
    public async Task Another_program_at_the_address_is_told_apart()
    {
        await using var services = Services(new Uri(Gateway, "/elsewhere/"));

        var exception = await Assert.ThrowsAsync<BillingException>(() => services.GetRequiredService<IBillingClient>().GetAccountAsync(new GetAccount { UserId = "ann" }));

        Assert.Equal((ClientErrorCodes.UnreadableAnswer, false), (exception.Code, exception.IsTransient));
    }

    protected override async Task Deposit(string user, string amount)
    {
        using var response = await _service.Http.PostAsJsonAsync($"/v1/accounts/{user}/adjustments", new { adjustmentId = Ids.WithTime(), amount, actor = "eve", reason = "a test" });
        response.EnsureSuccessStatusCode();
    }
}
