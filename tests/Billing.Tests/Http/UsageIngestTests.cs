using System.Text;
using System.Text.Json;

namespace Billing.Tests.Http;

public sealed class UsageIngestTests(ServiceFixture fixture) : IClassFixture<ServiceFixture>
{
    readonly RunningService _service = fixture.Service;

    [Fact]
    public async Task One_usage_is_charged_and_the_answer_says_what_it_cost()
    {
        var (status, receipt) = await _service.Post("/v1/usage", _service.Usage(user: "one", quantity: 5));

        Assert.Equal(200, status);
        var item = receipt!["items"]!.AsArray().Single()!;
        Assert.Equal(("charged", "0.01", "-0.01", 5), ((string)item["status"]!, (string)item["amount"]!, (string)item["balance"]!, (long)item["paidUnits"]!));
        Assert.Equal("-0.01", await _service.Balance("one"));
    }

    [Fact]
    public async Task The_months_free_quota_pays_first()
    {
        var (_, receipt) = await _service.Post("/v1/usage", _service.Usage("image", 7, "free"));

        var item = receipt!["items"]![0]!;
        Assert.Equal((5, 2, "0.08", 0), ((long)item["freeUnits"]!, (long)item["paidUnits"]!, (string)item["amount"]!, (long)item["freeUnitsLeft"]!));
    }

    [Theory]
    [InlineData("array")]
    [InlineData("items")]
    public async Task Many_usages_are_charged_together_and_answered_one_by_one(string form)
    {
        var user = $"many-{form}";
        UsageOccurred[] usages = [_service.Usage(user: user), _service.Usage("nothing", user: user), _service.Usage(user: user, quantity: 0), _service.Usage(user: user)];

        var (status, receipt) = await _service.Post("/v1/usage", form == "array" ? usages : new { items = usages });

        Assert.Equal((200, 2, 0, 2), (status, (int)receipt!["charged"]!, (int)receipt["duplicates"]!, (int)receipt["rejected"]!));
        Assert.Equal(["charged", "rejected", "rejected", "charged"], receipt["items"]!.AsArray().Select(item => (string)item!["status"]!));
        Assert.Equal([null, "unknown_service", "invalid_quantity", null], receipt["items"]!.AsArray().Select(item => (string?)item!["code"]));
        Assert.Equal(usages.Select(usage => usage.UsageId.ToString()), receipt["items"]!.AsArray().Select(item => (string)item!["usageId"]!));
        Assert.Equal("-0.004", await _service.Balance(user));
    }

    [Fact]
    public async Task A_usage_sent_again_is_a_duplicate_and_costs_nothing()
    {
        var usage = _service.Usage(user: "again");
        await _service.Post("/v1/usage", usage);

        var (_, receipt) = await _service.Post("/v1/usage", new[] { usage, usage });

        Assert.Equal((0, 2), ((int)receipt!["charged"]!, (int)receipt["duplicates"]!));
        Assert.Equal("-0.002", await _service.Balance("again"));
    }

    [Fact]
    public async Task An_item_that_cannot_even_be_read_does_not_sink_its_neighbours()
    {
        var good = JsonSerializer.Serialize(_service.Usage(user: "neighbour"), JsonSerializerOptions.Web);

        var (status, receipt) = await _service.Post("/v1/usage", $$"""[{{good}}, null, 17, "text", {}, [], {"\ud800":1}, {"usageId":"\ud800 and something longer than a uuid"}, {"userId":{"a":1},"quantity":1e999}]""");

        Assert.Equal((200, 1, 8), (status, (int)receipt!["charged"]!, (int)receipt["rejected"]!));
        Assert.Equal("-0.002", await _service.Balance("neighbour"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("17")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    [InlineData("[1,]")]
    public async Task A_body_that_is_no_usage_is_answered_as_a_problem_with_its_code(string body)
    {
        var (status, problem) = await _service.Post("/v1/usage", body);

        Assert.Equal((400, "invalid_request", 400), (status, (string)problem!["code"]!, (int)problem["status"]!));
        Assert.Equal("/errors/invalid_request", (string)problem["type"]!);
    }

    [Fact]
    public async Task A_single_object_with_an_unreadable_name_is_rejected_like_any_other()
    {
        var (status, receipt) = await _service.Post("/v1/usage", """{"\ud800":1}""");

        Assert.Equal((200, "invalid_usage_id"), (status, (string)receipt!["items"]![0]!["code"]!));
    }

    [Fact]
    public async Task More_than_a_thousand_usages_at_once_are_too_many_and_none_is_charged()
    {
        var usages = Enumerable.Range(0, 1_001).Select(_ => _service.Usage(user: "too-many")).ToArray();

        var (status, problem) = await _service.Post("/v1/usage", usages);
        Assert.Equal((413, "too_many"), (status, (string)problem!["code"]!));
        Assert.Equal(404, (await _service.Get("/v1/accounts/too-many")).Status);

        Assert.Equal(1_000, (int)(await _service.Post("/v1/usage", usages[..1_000])).Body!["charged"]!);
    }

    [Fact]
    public async Task A_body_of_more_than_a_mebibyte_is_refused()
    {
        using var content = new StringContent($"[{new string(' ', 1_100_000)}]", Encoding.UTF8, "application/json");
        using var response = await _service.Client.PostAsync("/v1/usage", content);

        Assert.Equal(413, (int)response.StatusCode);
    }
}
