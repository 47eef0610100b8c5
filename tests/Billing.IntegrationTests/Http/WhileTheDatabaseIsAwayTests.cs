using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Billing.IntegrationTests.Http;

/// <summary>No door answers with an error of its own then, none waits for long, and all of them do their work afterwards.</summary>
[Collection(ServersCollection.Name)]
public sealed class WhileTheDatabaseIsAwayTests(WhileTheDatabaseIsAwayTests.ServiceWithoutKeys running) : IClassFixture<WhileTheDatabaseIsAwayTests.ServiceWithoutKeys>
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    static readonly Guid Id = Ids.WithTime();

    static readonly (HttpMethod Method, string Path, object? Body)[] Doors =
    [
        (HttpMethod.Post, "/v1/usage", TestUsage.Of("away").ToMessage()),
        (HttpMethod.Post, "/v1/deductions", TestUsage.Of("away").ToRequest()),
        (HttpMethod.Post, $"/v1/usage/{Id}/reversal", new { userId = "away", actor = "me", reason = "test" }),
        (HttpMethod.Get, "/v1/accounts/away", null),
        (HttpMethod.Put, "/v1/accounts/away", null),
        (HttpMethod.Get, "/v1/accounts/away/quota?service=image&quantity=1", null),
        (HttpMethod.Post, "/v1/accounts/away/adjustments", new { adjustmentId = Id, amount = "1.00", actor = "me", reason = "test" }),
        (HttpMethod.Put, "/v1/accounts/away/overdraft", new { operationId = Id, limit = "1.00", actor = "me", reason = "test" }),
        (HttpMethod.Put, "/v1/accounts/away/balance-alert", new { operationId = Id, threshold = "1.00", actor = "me", reason = "test" }),
        (HttpMethod.Get, "/v1/accounts/away/records", null),
        (HttpMethod.Get, "/v1/accounts/away/ledger", null),
        (HttpMethod.Get, "/v1/accounts/away/statistics", null),
        (HttpMethod.Post, "/v1/accounts/query", new { userIds = new[] { "away" } }),
        (HttpMethod.Post, "/v1/quota/checks", new[] { new { userId = "away", service = "image", quantity = 1 } }),
        (HttpMethod.Post, "/v1/accounts/away/reservations", new { reservationId = Id, service = "image", quantity = 1 }),
        (HttpMethod.Post, $"/v1/accounts/away/reservations/{Id}/release", new { usedQuantity = 0 }),
        (HttpMethod.Post, "/v1/accounts/away/recharges", new { amount = "5.00", channel = "card", idempotencyKey = "away" }),
        (HttpMethod.Get, "/v1/accounts/away/recharges", null),
        (HttpMethod.Get, $"/v1/recharges/{Id}", null),
        (HttpMethod.Post, $"/v1/recharges/{Id}/resolution", new { credit = "1.00", actor = "me", reason = "test" }),
        (HttpMethod.Get, "/v1/unmatched-payments", null),
        (HttpMethod.Post, $"/v1/unmatched-payments/{Id}/assignment", new { userId = "away", actor = "me", reason = "test" }),
        (HttpMethod.Get, "/v1/rejected-usage", null),
        (HttpMethod.Get, "/v1/rejected-usage/reasons", null),
        (HttpMethod.Get, "/v1/operator-acts", null),
        (HttpMethod.Put, "/v1/services/new-while-away", new { operationId = Id, pricedBy = "catalogue", price = new { amount = "0.15", perUnits = 1000 }, actor = "me", reason = "test" }),
        (HttpMethod.Get, "/v1/webhooks", null),
        (HttpMethod.Post, "/v1/webhooks", new { operationId = Id, url = "https://example.com/hook", events = new[] { "balance.low" }, actor = "me", reason = "test" }),
        (HttpMethod.Get, $"/v1/webhooks/{Id}/deliveries", null),
        (HttpMethod.Get, "/v1/api-keys", null),
        (HttpMethod.Post, "/v1/api-keys", new { operationId = Id, scope = "gateway", name = "away", actor = "me", reason = "test" }),
        (HttpMethod.Get, "/v1/jobs", null),
    ];

    [Fact]
    public async Task Every_door_says_so_and_works_again_when_it_is_back()
    {
        await running.TakeDatabaseAway();
        var answers = await Task.WhenAll(Doors.Select(Ask));
        await running.GiveDatabaseBack();

        AssertNone(answers.Where(answer => !answer.Code.EndsWith("database_unavailable", StringComparison.Ordinal)));

        await Eventually.That(async () => (await running.Service.Http.GetAsync("/health/ready")).StatusCode, status => status == HttpStatusCode.OK, "the service is ready");
        answers = await Task.WhenAll(Doors.Select(Ask));
        AssertNone(answers.Where(answer => answer.Code.StartsWith('5')));
    }

    static void AssertNone(IEnumerable<(string Door, string Code)> wrong)
    {
        var lines = string.Join('\n', wrong.Select(answer => $"{answer.Door}: {answer.Code}"));
        Assert.True(lines.Length == 0, lines);
    }

    async Task<(string Door, string Code)> Ask((HttpMethod Method, string Path, object? Body) door)
    {
        using var request = new HttpRequestMessage(door.Method, door.Path) { Content = door.Body is null ? null : JsonContent.Create(door.Body) };
        using var answer = await running.Service.Http.SendAsync(request).WaitAsync(Patience);
        var text = await answer.Content.ReadAsStringAsync();
        var code = text.StartsWith('{') ? (string?)JsonNode.Parse(text)!["code"] : null;
        return ($"{door.Method} {door.Path}", $"{(int)answer.StatusCode} {code}");
    }

    /// <summary>Whether keys are needed stands in the database, unless it is said to the service.</summary>
    public sealed class ServiceWithoutKeys(Servers servers) : ServiceOnServers(servers)
    {
        protected override string[] Settings => ["Http:RequireKeys=false"];
    }
}
