using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Billing.Service.Charging;

namespace Billing.IntegrationTests.Http;

/// <summary>The main routes over HTTP, on PostgreSQL and RabbitMQ.</summary>
[Collection(ServersCollection.Name)]
public sealed class HttpOnServersTests(ServiceOnServers running) : IClassFixture<ServiceOnServers>
{
    readonly HttpClient _http = running.Service.Http;
    readonly Auditor _auditor = running.NewAuditor();

    [Fact]
    public async Task A_user_is_topped_up_charged_checked_and_shown()
    {
        var user = Ids.User("http");
        var adjustment = Ids.WithTime();
        _auditor.Entered(EntryKind.Adjustment, adjustment, user, Money.Parse("0.10"));
        Assert.Equal("0.10", (string?)(await Post($"/v1/accounts/{user}/adjustments", new { adjustmentId = adjustment, amount = "0.10", actor = "me", reason = "test" }))["balance"]);

        var usages = new[] { _auditor.Charged(TestUsage.Of(user, TestCatalogue.Image, 7)), TestUsage.Of(user, "no-such-service"), _auditor.Charged(TestUsage.Of(user, TestCatalogue.Search)) };
        var receipt = await Post("/v1/usage", usages.Select(usage => usage.ToMessage()));
        Assert.Equal((2, 0, 1), ((int)receipt["charged"]!, (int)receipt["duplicates"]!, (int)receipt["rejected"]!));
        _auditor.Rejected(usages[1].UsageId.ToString(), ErrorCodes.UnknownService);
        receipt = await Post("/v1/usage", usages.Select(usage => usage.ToMessage()));
        Assert.Equal((0, 2, 1), ((int)receipt["charged"]!, (int)receipt["duplicates"]!, (int)receipt["rejected"]!));

        var deduction = _auditor.Charged(TestUsage.Of(user, TestCatalogue.Search, 9));
        Assert.Equal("0.00", (string?)(await Post("/v1/deductions", deduction.ToRequest()))["balance"]);
        using (var refused = await _http.PostAsJsonAsync("/v1/deductions", TestUsage.Of(user).ToRequest())) Assert.Equal(HttpStatusCode.PaymentRequired, refused.StatusCode);

        Assert.False((bool)(await _http.GetFromJsonAsync<JsonNode>($"/v1/accounts/{user}/quota?service=image&quantity=1"))!["allowed"]!);
        Assert.Equal("0.00", (string?)(await _http.GetFromJsonAsync<JsonNode>($"/v1/accounts/{user}"))!["balance"]);
        await _auditor.Check();
    }

    [Fact]
    public async Task It_is_ready_once_database_and_broker_answer() => Assert.Equal(HttpStatusCode.OK, (await Eventually.That(
        () => _http.GetAsync("/health/ready"), answer => answer.IsSuccessStatusCode, "the service is ready")).StatusCode);

    async Task<JsonNode> Post<T>(string path, T body)
    {
        using var answer = await _http.PostAsJsonAsync(path, body);
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
    }
}
