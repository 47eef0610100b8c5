using System.Net.Http.Json;
using Billing.FaultTests.Harness;

namespace Billing.FaultTests;

/// <summary>Before and after an event becomes deliveries, and before and after one is sent: everybody is told, and nothing under two ids.</summary>
[Collection(PrivateServers.Collection)]
public sealed class When_the_service_dies_around_a_webhook(PrivateServers servers, ITestOutputHelper output)
{
    const int Debtors = 8;

    // As many as one subscription is sent at once: those may have been sent, and nobody lived to note it.
    const int SentTwiceMax = 4;

    static readonly TimeSpan ToldWithin = TimeSpan.FromSeconds(90);
    static readonly (string, string)[] Settings = [("Webhooks__AllowPrivateNetworks", "true"), ("Webhooks__Timeout", "00:00:02")];

    [Theory]
    [InlineData("before_webhook_rows:3")]
    [InlineData("after_webhook_rows:3")]
    [InlineData("before_webhook:3")]
    [InlineData("after_webhook:3")]
    public async Task Every_debt_is_told_and_each_has_one_id(string crashPoint)
    {
        await using var stack = await ServersStack.Create(servers, output);
        await DieAt(stack, crashPoint);
    }

    [Theory]
    [InlineData("before_webhook_rows:3")]
    [InlineData("after_webhook_rows:3")]
    [InlineData("before_webhook:3")]
    [InlineData("after_webhook:3")]
    public async Task Every_debt_is_told_and_each_has_one_id_in_the_embedded_default(string crashPoint)
    {
        await using var stack = new EmbeddedStack(output);
        await DieAt(stack, crashPoint);
    }

    static async Task DieAt(Stack stack, string crashPoint)
    {
        await using var receiver = new WebhookReceiver();
        await stack.StartService(crashPoint, settings: Settings).Ready();
        using var http = new HttpClient { BaseAddress = stack.Service.Address, Timeout = TimeSpan.FromSeconds(5) };
        using (var subscribed = await http.PostAsJsonAsync("/v1/webhooks", new { operationId = Guid.CreateVersion7(), url = receiver.Url, events = new[] { "account.in_debt" }, actor = "eve", reason = "a test" }))
            Assert.True(subscribed.IsSuccessStatusCode, await subscribed.Content.ReadAsStringAsync());

        var charging = Task.WhenAll(Enumerable.Range(0, Debtors).Select(number => Charge(http, $"debtor{number}")));
        await stack.Service.Died();
        await stack.Restart(settings: Settings);
        await charging;

        await Eventually.That("everybody's debt is told", () => receiver.Received.Select(told => told.UserId).Distinct().Count(), count => count == Debtors, ToldWithin);
        var received = receiver.Received;
        Assert.Equal(Debtors, received.Select(told => told.Id).Distinct().Count());
        Assert.InRange(received.Count, Debtors, Debtors + SentTwiceMax);
        await stack.CheckAudit();
    }

    /// <summary>One call by a user without money, until it is answered.</summary>
    static async Task Charge(HttpClient http, string user)
    {
        var usage = new { usageId = Guid.CreateVersion7(), userId = user, service = "search", quantity = 1, occurredAt = TimeProvider.System.GetUtcNow() };
        while (true)
        {
            try
            {
                using var answer = await http.PostAsJsonAsync("/v1/usage", usage);
                if (answer.IsSuccessStatusCode) return;
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
            {
            }
            await Task.Delay(100);
        }
    }
}
