using System.Net.Http.Json;
using Billing.Service.Charging;

namespace Billing.IntegrationTests.Examples;

/// <summary>The programs that the documentation shows to other languages do what it says.</summary>
[Collection(ServersCollection.Name)]
public sealed class PythonExamplesTests(ServiceOnServers running) : IClassFixture<ServiceOnServers>
{
    [Fact]
    public async Task A_gateway_asks_reports_deducts_and_leases_in_plain_JSON_over_the_broker()
    {
        var user = Ids.User("python");
        await Deposit(user, "1");

        var lines = await PythonExample.Run("gateway.py", ("BILLING_RABBITMQ_GATEWAY", running.Broker.AsGateway.AbsoluteUri), user, TestCatalogue.Image, "7");

        Assert.Equal(["may call", "reported 7", lines[2], "leased 2, used 1, released: True"], lines);
        Assert.StartsWith("charged 0.0", lines[2]);
        // Seven reported, one of them twice; one deducted; one under the lease: five are free, four cost 0.04 each.
        await Eventually.That(() => Records(user), count => count == 9, "nine usages are charged");
        Assert.Equal(Money.Parse("0.84"), (await Account(user)).Balance);
        await Eventually.That(async () => (await Account(user)).Held, held => held == Money.Zero, "nothing stays held");
    }

    [Fact]
    public async Task A_gateway_without_funds_is_told_so()
    {
        var user = Ids.User("python-poor");

        var lines = await PythonExample.Run("gateway.py", ("BILLING_RABBITMQ_GATEWAY", running.Broker.AsGateway.AbsoluteUri), user, TestCatalogue.Image, "6");

        Assert.Equal("may not call: insufficient_funds", lines[0]);
        Assert.EndsWith("no lease: insufficient_funds, enough for 0", lines[3]);
    }

    [Fact]
    public async Task A_payment_service_is_told_of_an_order_and_its_money_is_credited_once()
    {
        var user = Ids.User("python-payer");
        using var made = await running.Service.Http.PutAsync($"/v1/accounts/{user}", null);
        await using var payments = PythonExample.Start("payment_service.py", ("BILLING_RABBITMQ_PAYMENT_SERVICE", running.Broker.AsPaymentService.AbsoluteUri));
        Assert.Equal("waiting for orders", await payments.NextLine());

        using var ordered = await running.Service.Http.PostAsJsonAsync($"/v1/accounts/{user}/recharges", new { amount = "12.34", channel = "card", idempotencyKey = user });
        var recharge = (await ordered.Content.ReadFromJsonAsync<RechargeStatus>())!;

        Assert.Equal($"paid 12.34 USD of {user}", await payments.NextLine());
        await Eventually.That(async () => (await Account(user)).Balance, balance => balance == Money.Parse("12.34"), "the money is credited");
        await Eventually.That(() => State(recharge.RechargeId), state => state == RechargeStates.Completed, "the recharge is completed");
        Assert.Equal(Money.Parse("12.34"), (await Account(user)).Balance);
    }

    [Fact]
    public async Task The_same_goes_over_HTTP_with_nothing_but_Python()
    {
        var user = Ids.User("python-http");
        await Deposit(user, "1");

        var lines = await PythonExample.Run("over_http.py", ("BILLING_HTTP", running.Service.Http.BaseAddress!.AbsoluteUri), user, TestCatalogue.Image, "7");

        Assert.Equal(["may call", "charged 7, duplicates 0, rejected 0", "charged 0.04 USD"], lines[..3]);
        Assert.StartsWith("recharge ", lines[3]);
    }

    Task<long> Records(string user) => running.Count("select count(*) from usage_record r join account a on a.account_id = r.account_id where a.user_id = $1", user);

    async Task<AccountStatus> Account(string user) => (await running.Service.Http.GetFromJsonAsync<AccountStatus>($"/v1/accounts/{user}"))!;

    async Task<string> State(Guid rechargeId) => (await running.Service.Http.GetFromJsonAsync<RechargeStatus>($"/v1/recharges/{rechargeId}"))!.State;

    async Task Deposit(string user, string amount)
    {
        using var response = await running.Service.Http.PostAsJsonAsync($"/v1/accounts/{user}/adjustments", new { adjustmentId = Ids.WithTime(), amount, actor = "eve", reason = "a test" });
        response.EnsureSuccessStatusCode();
    }
}
