using System.Net.Http.Json;
using Billing.FaultTests.Harness;

namespace Billing.FaultTests;

/// <summary>Before and after an event becomes deliveries, and before and after one is sent: everybody is told, and nothing under two ids.</summary>
[Collection(PrivateServers.Collection)]
public sealed class When_the_service_dies_around_a_webhook(PrivateServers servers, ITestOutputHelper output)
{
    const int DebtorsOfALife = 8;

    // As many as one subscription is sent at once: those may have been sent, and nobody lived to note it.
    const int SentTwiceMax = 4;

    static readonly TimeSpan ToldWithin = TimeSpan.FromSeconds(90);
    static readonly (string, string)[] Settings = [("Webhooks__AllowPrivateNetworks", "true"), ("Webhooks__Timeout", "00:00:02")];

    // Q to T of docs/flow.md.
    static readonly string[] CrashPoints = ["before_webhook_rows:3", "after_webhook_rows:3", "before_webhook:3", "after_webhook:3"];

    [Fact]
    public async Task Every_debt_is_told_and_each_has_one_id()
    {
        await using var stack = await ServersStack.Create(servers, output);
        await DieAtEach(stack);
    }

    [Fact]
    [Trait(Schedules.Trait, Schedules.Long)]
    public async Task Every_debt_is_told_and_each_has_one_id_in_the_embedded_default()
    {
        await using var stack = new EmbeddedStack(output);
        await DieAtEach(stack);
    }

    static async Task DieAtEach(Stack stack)
    {
        await using var receiver = new WebhookReceiver();
        await stack.StartService(CrashPoints[0], settings: Settings).Ready();
        using var http = new HttpClient { BaseAddress = stack.Service.Address, Timeout = TimeSpan.FromSeconds(5) };
        using (var subscribed = await http.PostAsJsonAsync("/v1/webhooks", new { operationId = Guid.CreateVersion7(), url = receiver.Url, events = new[] { "account.in_debt" }, actor = "eve", reason = "a test" }))
            Assert.True(subscribed.IsSuccessStatusCode, await subscribed.Content.ReadAsStringAsync());

        var debtors = 0;
        var charging = new List<Task>();
        foreach (var next in (string?[])[.. CrashPoints[1..], null])
        {
            var first = debtors;
            debtors += DebtorsOfALife;
            charging.AddRange(Enumerable.Range(first, DebtorsOfALife).Select(number => Charge(http, $"debtor{number}")));
            await stack.Service.Died();
            await stack.Restart(next, settings: Settings);
        }
        await Task.WhenAll(charging);

        await Eventually.That("everybody's debt is told", () => receiver.Received.Select(told => told.UserId).Distinct().Count(), count => count == debtors, ToldWithin);
        var received = receiver.Received;
        Assert.Equal(debtors, received.Select(told => told.Id).Distinct().Count());
        Assert.InRange(received.Count, debtors, debtors + CrashPoints.Length * SentTwiceMax);
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
