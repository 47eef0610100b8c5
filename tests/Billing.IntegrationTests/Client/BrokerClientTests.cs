using System.Net.Http.Json;
using Billing.Client;
using Billing.TestSupport.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.IntegrationTests.Client;

[Collection(ServersCollection.Name)]
public sealed class BrokerClientTests(ServiceOnServers running) : BillingClientCompliance, IClassFixture<ServiceOnServers>
{
    protected override Uri Gateway => running.Broker.AsGateway;
    protected override Uri Web => running.Broker.AsWeb;
    protected override Uri Partner => running.Broker.AsApiKeyService;

    [Fact]
    public async Task What_the_broker_does_not_let_through_has_no_answer_and_the_next_request_has_one()
    {
        await using var services = Services(Web, timeout: TimeSpan.FromSeconds(5));
        var client = services.GetRequiredService<IBillingClient>();

        var exception = await Assert.ThrowsAsync<BillingException>(() => client.DeductQuotaAsync(new DeductQuota
        {
            UsageId = Ids.WithTime(), UserId = "ann", Service = TestCatalogue.Image, Quantity = 1, OccurredAt = TimeProvider.System.GetUtcNow(),
        }));

        Assert.Contains(exception.Code, new[] { ClientErrorCodes.NotLetIn, ClientErrorCodes.NoAnswer });
        Assert.Equal(ErrorCodes.UnknownService, (await client.GetServiceAsync(new GetService { Service = "nothing" })).Code);
    }

    [Fact]
    public async Task After_its_connection_was_cut_it_asks_on_a_new_one()
    {
        await using var services = Services(Gateway, timeout: TimeSpan.FromSeconds(5));
        var client = services.GetRequiredService<IBillingClient>();
        var question = new GetService { Service = "nothing" };
        await client.GetServiceAsync(question);

        await running.Broker.CutConnectionsOf("gateway");

        await Eventually.That(async () =>
        {
            try
            {
                return (await client.GetServiceAsync(question)).Code;
            }
            catch (BillingException exception) when (exception.IsTransient)
            {
                return exception.Code;
            }
        }, code => code == ErrorCodes.UnknownService, "it is answered again");
    }

    protected override async Task Deposit(string user, string amount)
    {
        using var response = await running.Service.Http.PostAsJsonAsync($"/v1/accounts/{user}/adjustments", new { adjustmentId = Ids.WithTime(), amount, actor = "eve", reason = "a test" });
        response.EnsureSuccessStatusCode();
    }
}
