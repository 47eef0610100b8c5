using System.Net;
using System.Text.Json.Nodes;

namespace Billing.Tests.Http;

public sealed class QueryTests(ServiceFixture fixture) : IClassFixture<ServiceFixture>
{
    const int TooManyUsers = 501;

    readonly RunningService _service = fixture.Service;

    [Fact]
    public async Task Records_are_listed_newest_first_and_each_page_links_to_the_next()
    {
        var usages = Enumerable.Range(0, 5).Select(_ => _service.Usage("search", 1, "pages")).ToArray();
        await _service.Post("/v1/usage", usages);

        var seen = new List<string>();
        for (var address = "/v1/accounts/pages/records?limit=2&service=search"; address is not null;)
        {
            using var response = await _service.Client.GetAsync(address);
            var page = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
            seen.AddRange(page["items"]!.AsArray().Select(item => (string)item!["usageId"]!));
            Assert.Equal(seen.Count, seen.Distinct().Count());
            var link = response.Headers.TryGetValues("Link", out var links) ? links.Single() : null;
            Assert.Equal((string?)page["nextCursor"] is null, link is null);
            if (link is not null) Assert.EndsWith(">; rel=\"next\"", link);
            address = link?[1..link.IndexOf('>')];
        }

        Assert.Equal(usages.Reverse().Select(usage => usage.UsageId.ToString()), seen);
    }

    [Fact]
    public async Task A_record_says_what_it_cost_in_decimal_strings()
    {
        var usage = _service.Usage("image", 7, "one");
        await _service.Post("/v1/usage", usage);

        var (status, page) = await _service.Get("/v1/accounts/one/records");

        var line = Assert.Single(page!["items"]!.AsArray())!;
        Assert.Equal((200, "one", "USD"), (status, (string)page["userId"]!, (string)page["currency"]!));
        Assert.Equal((5, 2, "0.28", "0.08", "-0.08", false), ((int)line["freeUnits"]!, (int)line["paidUnits"]!, (string)line["cost"]!, (string)line["amount"]!, (string)line["balanceAfter"]!, (bool)line["reversed"]!));
        Assert.Equal($"{usage.OccurredAt:yyyy-MM}", (string)line["quotaMonth"]!);
    }

    [Fact]
    public async Task The_ledger_lists_what_is_no_usage_with_who_and_why()
    {
        await _service.Adjust("ledger", "5");
        await _service.Post("/v1/usage", _service.Usage("search", 1, "ledger"));
        await _service.Adjust("ledger", "-1");

        var (_, page) = await _service.Get("/v1/accounts/ledger/ledger?limit=1");
        var (_, rest) = await _service.Get($"/v1/accounts/ledger/ledger?cursor={page!["nextCursor"]}");

        Assert.Equal([("adjustment", "-1.00", "3.998", "eve", "test")], Lines(page));
        Assert.Equal([("adjustment", "5.00", "5.00", "eve", "test")], Lines(rest!));

        static IEnumerable<(string, string, string, string, string)> Lines(JsonNode page) => page["items"]!.AsArray().Select(line =>
            ((string)line!["kind"]!, (string)line["amount"]!, (string)line["balanceAfter"]!, (string)line["actor"]!, (string)line["reason"]!));
    }

    [Fact]
    public async Task Statistics_are_grouped_and_say_their_zone_and_range()
    {
        await _service.Post("/v1/usage", new[] { _service.Usage("image", 7, "stats"), _service.Usage("search", 2, "stats"), _service.Usage("search", 3, "stats") });

        var (status, answer) = await _service.Get("/v1/accounts/stats/statistics?period=this_month&groupBy=service,day&timeZone=Asia/Kathmandu");

        Assert.Equal((200, "Asia/Kathmandu", true), (status, (string)answer!["timeZone"]!, ((string)answer["from"]!).EndsWith("T00:00:00+05:45")));
        Assert.Equal([("image", 1, 7, "0.08"), ("search", 2, 5, "0.01")],
            answer["items"]!.AsArray().Select(item => ((string)item!["service"]!, (int)item["usages"]!, (int)item["units"]!, (string)item["amount"]!)));
        Assert.Equal((3, "0.09", "0.00"), ((int)answer["total"]!["usages"]!, (string)answer["total"]!["amount"]!, (string)answer["total"]!["reversedAmount"]!));
    }

    [Theory]
    [InlineData("records?form=2026-01-01T00:00:00Z", "invalid_request", "from, to, service, limit, cursor")]
    [InlineData("records?Limit=5", "invalid_request", "from, to, service, limit, cursor")]
    [InlineData("records?limit=5&limit=6", "invalid_request", "2 times")]
    [InlineData("records?limit=many", "invalid_limit", "many")]
    [InlineData("records?limit=", "invalid_limit", "whole number")]
    [InlineData("records?limit=501", "invalid_limit", "500")]
    [InlineData("records?from=2026-01-01", "invalid_range", "RFC 3339")]
    [InlineData("records?from=2026-01-01T00:00:00", "invalid_range", "RFC 3339")]
    [InlineData("records?from=2026-01-01T00:00:00+08:00", "invalid_range", "%2B")]
    [InlineData("records?from=2026-13-01T00:00:00Z", "invalid_range", "RFC 3339")]
    [InlineData("records?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "invalid_range", "no time")]
    [InlineData("records?cursor=AAAA", "invalid_cursor", "cursor")]
    [InlineData("records?service=two%20words", "invalid_service", "name")]
    [InlineData("ledger?service=image", "invalid_request", "from, to, limit, cursor")]
    [InlineData("ledger?limit=0", "invalid_limit", "500")]
    [InlineData("ledger?cursor=", "invalid_cursor", "cursor")]
    [InlineData("statistics?groupby=day", "invalid_request", "groupBy")]
    [InlineData("statistics?groupBy=week", "invalid_grouping", "day")]
    [InlineData("statistics?groupBy=", "invalid_grouping", "day")]
    [InlineData("statistics?period=yesterday", "invalid_range", "today")]
    [InlineData("statistics?period=today&to=2026-01-01T00:00:00Z", "invalid_range", "not both")]
    [InlineData("statistics?timeZone=Mars/Olympus", "invalid_time_zone", "Mars/Olympus")]
    [InlineData("statistics?timeZone=..%2F..%2Fetc%2Fpasswd", "invalid_time_zone", "etc")]
    public async Task A_question_that_makes_no_sense_is_a_problem_that_says_what_would_be_right(string question, string code, string says)
    {
        await _service.Put("/v1/accounts/asker");

        var (status, problem) = await _service.Get($"/v1/accounts/asker/{question}");

        Assert.Equal((400, code), (status, (string)problem!["code"]!));
        Assert.Contains(says, (string)problem["detail"]!);
    }

    [Theory]
    [InlineData("records", 404, "account_not_found")]
    [InlineData("ledger", 404, "account_not_found")]
    [InlineData("statistics?period=today", 404, "account_not_found")]
    [InlineData("records?service=nothing", 404, "unknown_service")]
    [InlineData("statistics?service=nothing", 404, "unknown_service")]
    public async Task Reading_an_unknown_user_or_service_is_not_found_and_creates_nothing(string question, int status, string code)
    {
        var (answered, problem) = await _service.Get($"/v1/accounts/stranger/{question}");

        Assert.Equal((status, code), (answered, (string)problem!["code"]!));
        Assert.Equal(404, (await _service.Get("/v1/accounts/stranger")).Status);
    }

    [Fact]
    public async Task A_user_id_with_a_slash_is_found_and_linked_to()
    {
        await _service.Post("/v1/usage", new[] { _service.Usage("search", 1, "team/ann%2F+b"), _service.Usage("search", 1, "team/ann%2F+b") });

        using var response = await _service.Client.GetAsync("/v1/accounts/team%2Fann%252F%2Bb/records?limit=1");
        var link = response.Headers.GetValues("Link").Single();
        var (status, next) = await _service.Get(link[1..link.IndexOf('>')]);

        Assert.Equal((HttpStatusCode.OK, 200, "team/ann%2F+b", 1), (response.StatusCode, status, (string)next!["userId"]!, next["items"]!.AsArray().Count));
    }

    [Fact]
    public async Task A_time_with_a_plus_is_read_when_it_is_written_as_in_an_address()
    {
        await _service.Post("/v1/usage", _service.Usage("search", 1, "plus"));

        var (_, page) = await _service.Get("/v1/accounts/plus/records?from=2026-01-01T00:00:00%2B08:00&to=9999-12-31T23:59:59.9999999Z");

        Assert.Single(page!["items"]!.AsArray());
    }

    [Fact]
    public async Task Many_accounts_are_answered_in_the_order_asked_and_a_user_called_query_is_a_user()
    {
        await _service.Adjust("query", "1");
        await _service.Adjust("other", "2");

        var (status, answer) = await _service.Post("/v1/accounts/query", """{"userIds":["other","query","stranger","two words",7,"\ud800","other"]}""");

        Assert.Equal(200, status);
        Assert.Equal(["2.00", "1.00", "account_not_found", "invalid_user_id", "invalid_user_id", "invalid_user_id", "2.00"],
            answer!["items"]!.AsArray().Select(item => (string?)item!["code"] ?? (string)item["balance"]!));
        Assert.Equal("1.00", await _service.Balance("query"));
        Assert.Equal(200, (await _service.Get("/v1/accounts/query/records")).Status);
    }

    [Fact]
    public async Task Many_checks_are_answered_item_by_item()
    {
        await _service.Put("/v1/accounts/gate");

        var (status, answer) = await _service.Post("/v1/quota/checks", """[{"userId":"gate","service":"image"},{"userId":"gate","service":"nothing"},{"userId":"gate","service":"llm","cost":1},{"userId":"gate","service":"image","quantity":6}]""");

        Assert.Equal(200, status);
        Assert.Equal([(true, null), (false, "unknown_service"), (false, "invalid_cost"), (false, "insufficient_funds")],
            answer!["items"]!.AsArray().Select(item => ((bool)item!["allowed"]!, (string?)item["reason"])));
    }

    [Theory]
    [InlineData("/v1/accounts/query", "{}", 400, "invalid_request")]
    [InlineData("/v1/accounts/query", "null", 400, "invalid_request")]
    [InlineData("/v1/accounts/query", """{"users":["ann"]}""", 400, "invalid_request")]
    [InlineData("/v1/accounts/query", """{"userIds":"ann"}""", 400, "invalid_request")]
    [InlineData("/v1/accounts/query", "", 400, "invalid_request")]
    [InlineData("/v1/quota/checks", "null", 400, "invalid_request")]
    [InlineData("/v1/quota/checks", """{"userId":"ann","service":"image"}""", 400, "invalid_request")]
    [InlineData("/v1/quota/checks", "", 400, "invalid_request")]
    public async Task A_body_that_is_no_such_question_is_refused(string path, string body, int status, string code)
    {
        var (answered, problem) = await _service.Post(path, body);

        Assert.Equal((status, code), (answered, (string)problem!["code"]!));
    }

    [Fact]
    public async Task More_than_five_hundred_are_too_many()
    {
        var users = Enumerable.Range(0, TooManyUsers).Select(number => $"user-{number}").ToArray();

        var (accounts, noAccounts) = await _service.Post("/v1/accounts/query", new { userIds = users });
        var (checks, noChecks) = await _service.Post("/v1/quota/checks", users.Select(user => new { userId = user, service = "image" }));

        Assert.Equal((413, "too_many"), (accounts, (string)noAccounts!["code"]!));
        Assert.Equal((413, "too_many"), (checks, (string)noChecks!["code"]!));
    }
}
