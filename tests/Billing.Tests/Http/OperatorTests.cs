using System.Text.Json.Nodes;
using Billing.Service.Batching;
using Billing.Service.Catalogues;
using Billing.Service.Ledger;
using Billing.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Tests.Http;

public sealed class OperatorTests(ServiceFixture fixture) : IClassFixture<ServiceFixture>
{
    readonly RunningService _service = fixture.Service;

    Guid NewId() => Guid.CreateVersion7(_service.Now);

    [Fact]
    public async Task A_reversal_gives_back_once_and_says_what()
    {
        var user = Ids.User("reversed");
        var usage = _service.Usage("image", 7, user);
        await _service.Post("/v1/usage", usage);

        var (status, first) = await Reverse(usage.UsageId, user);
        var (again, second) = await Reverse(usage.UsageId, user);
        Assert.Equal((200, true, false, "0.08", 5, "0.00"), (status, (bool)first!["reversed"]!, (bool)first["duplicate"]!, (string)first["amount"]!, (long)first["freeUnits"]!, (string)first["balance"]!));
        Assert.Equal((200, true, "0.08", 5), (again, (bool)second!["duplicate"]!, (string)second["amount"]!, (long)second["freeUnits"]!));
        Assert.Equal("0.00", await _service.Balance(user));

        var act = Assert.Single((await Acts($"userId={user}"))["items"]!.AsArray())!;
        Assert.Equal(("reverse_usage", usage.UsageId.ToString(), "eve", "the call failed", user), ((string)act["kind"]!, (string)act["subject"]!, (string)act["actor"]!, (string)act["reason"]!, (string)act["userId"]!));
        Assert.Equal(["balance", "freeUnitsUsed"], act["changes"]!.AsArray().Select(change => (string)change!["name"]!));
    }

    [Theory]
    [InlineData("""{"userId":"nobody","actor":"eve","reason":"r"}""", 404, "usage_not_found")]
    [InlineData("""{"actor":"eve","reason":"r"}""", 400, "invalid_user_id")]
    [InlineData("""{"userId":"nobody","reason":"r"}""", 400, "invalid_actor")]
    [InlineData("""{"userId":"nobody","actor":"eve"}""", 400, "invalid_reason")]
    [InlineData("""{"userId":"nobody","actor":"eve","reason":"r","usageId":"x"}""", 400, "invalid_request")]
    public async Task A_reversal_that_makes_no_sense_is_refused_with_its_code(string body, int status, string code)
    {
        var (answered, problem) = await _service.Post($"/v1/usage/{NewId()}/reversal", body);

        Assert.Equal((status, code), (answered, (string)problem!["code"]!));
    }

    [Fact]
    public async Task An_overdraft_limit_is_answered_with_the_old_the_new_and_what_is_available_and_a_repeat_likewise()
    {
        var (user, id) = (Ids.User("overdraft"), NewId());
        await _service.Adjust(user, "1");

        var (status, first) = await Overdraft(user, id, "5");
        await Overdraft(user, NewId(), "2");
        var (again, second) = await Overdraft(user, id, "5.00");
        Assert.Equal((200, false, "0.00", "5.00", "6.00"), (status, (bool)first!["duplicate"]!, (string)first["before"]!, (string)first["after"]!, (string)first["available"]!));
        Assert.Equal((200, true, "0.00", "5.00", "6.00"), (again, (bool)second!["duplicate"]!, (string)second["before"]!, (string)second["after"]!, (string)second["available"]!));

        var (reused, problem) = await Overdraft(user, id, "6");
        Assert.Equal((409, "operation_id_reused"), (reused, (string)problem!["code"]!));
        Assert.Equal("2.00", (string)(await _service.Get($"/v1/accounts/{user}")).Body!["overdraftLimit"]!);
    }

    [Theory]
    [InlineData("""{"operationId":"0197892e-5000-7000-8000-000000000001","actor":"a","reason":"r"}""", "invalid_amount")]
    [InlineData("""{"operationId":"0197892e-5000-7000-8000-000000000001","limit":"-0.01","actor":"a","reason":"r"}""", "invalid_amount")]
    [InlineData("""{"limit":"1","actor":"a","reason":"r"}""", "invalid_operation_id")]
    [InlineData("""{"operationId":"0197892e-5000-7000-8000-000000000001","limit":"1","reason":"r"}""", "invalid_actor")]
    [InlineData("""{"operationId":"0197892e-5000-7000-8000-000000000001","limit":"1","actor":"a"}""", "invalid_reason")]
    [InlineData("""{"operationId":"0197892e-5000-7000-8000-000000000001","limit":"1","actor":"a","reason":"r","currency":"EUR"}""", "currency_mismatch")]
    public async Task A_limit_that_lacks_something_is_refused_and_creates_no_account(string body, string code)
    {
        var (status, problem) = await _service.Put("/v1/accounts/limitless/overdraft", body);

        Assert.Equal((400, code), (status, (string)problem!["code"]!));
        Assert.Equal(404, (await _service.Get("/v1/accounts/limitless")).Status);
    }

    [Fact]
    public async Task Rejected_usage_is_listed_newest_first_in_pages_with_what_could_be_read_of_it()
    {
        var user = Ids.User("rejected");
        var usages = Enumerable.Range(0, 5).Select(number => _service.Usage("not-on-sale", number + 1, user)).ToArray();
        await _service.Post("/v1/usage", usages);
        await _service.Post("/v1/usage", new { usageId = "no uuid", userId = user, service = "image", quantity = 3 });

        var first = await Rejected($"userId={user}&reason=unknown_service&limit=3");
        var second = await Rejected($"userId={user}&reason=unknown_service&limit=3&cursor={first["nextCursor"]}");
        Assert.Equal(usages.Reverse().Select(usage => usage.UsageId.ToString()), first["items"]!.AsArray().Concat(second["items"]!.AsArray()).Select(item => (string)item!["usageId"]!));
        Assert.Null(second["nextCursor"]);
        var newest = first["items"]![0]!;
        Assert.Equal((user, "not-on-sale", 5, "unknown_service"), ((string)newest["userId"]!, (string)newest["service"]!, (long)newest["quantity"]!, (string)newest["code"]!));
        Assert.Null(newest["resolvedAt"]);

        var unreadable = Assert.Single((await Rejected($"userId={user}&reason=invalid_usage_id"))["items"]!.AsArray())!;
        Assert.Equal(("no uuid", 3), ((string)unreadable["usageId"]!, (long)unreadable["quantity"]!));
        Assert.Null(unreadable["occurredAt"]);

        var counts = (await _service.Get($"/v1/rejected-usage/reasons?userId={user}")).Body!["items"]!.AsArray();
        Assert.Equal([("invalid_usage_id", 1, 1), ("unknown_service", 5, 5)], counts.Select(count => ((string)count!["reason"]!, (long)count["rejected"]!, (long)count["open"]!)));
    }

    [Fact]
    public async Task Rejected_usage_is_charged_once_after_its_service_came_on_sale()
    {
        var (user, id) = (Ids.User("retried"), NewId());
        var service = Ids.User("service");
        var usages = Enumerable.Range(0, 5).Select(_ => _service.Usage(service, 10, user)).ToArray();
        await _service.Post("/v1/usage", usages);
        Assert.Equal((200, 5, 0, 5), Numbers(await Retry(new { operationId = NewId(), userId = user, actor = "eve", reason = "too early" })));
        await PutOnSale(service, nanos: 3_000_000);
        // One comes again by itself before anybody retries.
        await _service.Post("/v1/usage", usages[2]);

        var request = new { operationId = id, rejectedFor = "unknown_service", userId = user, actor = "eve", reason = "it is on sale now" };
        var first = await Retry(request);
        Assert.Equal((200, 5, 4, 0), Numbers(first));
        Assert.Equal((1, false, false), ((long)first.Body!["duplicates"]!, (bool)first.Body["duplicate"]!, (bool)first.Body["moreToTry"]!));
        var again = await Retry(request);
        Assert.Equal((200, 5, 4, 0), Numbers(again));
        Assert.True((bool)again.Body!["duplicate"]!);
        Assert.Equal((200, 0, 0, 0), Numbers(await Retry(new { operationId = NewId(), userId = user, actor = "eve", reason = "once more" })));
        Assert.Equal("-0.15", await _service.Balance(user));

        var reused = await Retry(new { operationId = id, userId = user, actor = "eve", reason = "something else" });
        Assert.Equal((409, "operation_id_reused"), (reused.Status, (string)reused.Body!["code"]!));
        Assert.Empty((await Rejected($"userId={user}&resolved=false"))["items"]!.AsArray());
        var lines = (await Rejected($"userId={user}&resolved=true"))["items"]!.AsArray();
        Assert.Equal(["charged", "charged", "duplicate", "charged", "charged"], lines.Select(line => (string)line!["retryOutcome"]!));
        Assert.All(lines, line => Assert.NotNull(line!["chargedAt"]));
        var acts = (await Acts($"userId={user}"))["items"]!.AsArray();
        Assert.Equal(4, acts.Count(act => (string)act!["kind"]! == "charge_rejected" && (string)act["reason"]! == "it is on sale now"));
    }

    [Fact]
    public async Task A_retry_that_died_on_its_way_is_finished_by_a_repeat_and_nothing_is_charged_twice()
    {
        var (user, id, service) = (Ids.User("died"), NewId(), Ids.User("service"));
        var usages = Enumerable.Range(0, 3).Select(_ => _service.Usage(service, 1, user)).ToArray();
        await _service.Post("/v1/usage", usages);
        await PutOnSale(service, nanos: 1_000_000_000);

        // All that is there when the service dies after the first commit: one usage charged and marked, and no retry in the log.
        var rejectedId = (long)(await Rejected($"userId={user}"))["items"]!.AsArray()[2]!["rejectedId"]!;
        await _service.Services.GetRequiredService<ChargingBatcher>().Submit([new RetryUsage(rejectedId, Checked(usages[0]), id, "eve", "on sale")], Urgency.Bulk);

        Assert.Equal((200, 2, 2, 0), Numbers(await Retry(new { operationId = id, userId = user, actor = "eve", reason = "on sale" })));
        Assert.Equal("-3.00", await _service.Balance(user));
    }

    [Fact]
    public async Task A_retry_takes_the_oldest_first_and_its_cursor_goes_on_past_what_was_rejected_again()
    {
        var user = Ids.User("many");
        await _service.Post("/v1/usage", Enumerable.Range(0, 5).Select(_ => _service.Usage("not-on-sale", 1, user)).ToArray());

        var (tried, cursor) = (new List<long>(), (string?)null);
        do
        {
            var (_, body) = await Retry(new { operationId = NewId(), userId = user, limit = 2, cursor, actor = "eve", reason = "a sweep" });
            tried.Add((long)body!["tried"]!);
            Assert.Equal("unknown_service", (string)Assert.Single(body["rejectedAgainFor"]!.AsArray())!["reason"]!);
            cursor = (string?)body["nextCursor"];
            Assert.Equal(cursor is not null, (bool)body["moreToTry"]!);
        }
        while (cursor is not null);
        Assert.Equal([2, 2, 1], tried);

        var (status, problem) = await Retry(new { operationId = NewId(), userId = user, cursor = "forged", actor = "eve", reason = "a sweep" });
        Assert.Equal((400, "invalid_cursor"), (status, (string)problem!["code"]!));
    }

    [Fact]
    public async Task Usage_that_is_too_old_is_never_charged_by_a_retry_and_the_answer_says_so()
    {
        var user = Ids.User("old");
        var usage = _service.Usage("search", 1, user, id: Ids.WithoutTime()) with { OccurredAt = _service.Now.AddDays(-36) };
        await _service.Post("/v1/usage", usage);

        var all = await Retry(new { operationId = NewId(), rejectedFor = "usage_too_old", actor = "eve", reason = "please" });
        Assert.Equal((422, "usage_too_old"), (all.Status, (string)all.Body!["code"]!));
        var one = await Retry(new { operationId = NewId(), usageId = usage.UsageId, actor = "eve", reason = "please" });
        Assert.Equal((200, 1, 0, 1), Numbers(one));
        Assert.Equal("usage_too_old", (string)one.Body!["code"]!);
        Assert.Equal("usage_too_old", (string)Assert.Single((await Rejected($"userId={user}&resolved=true"))["items"]!.AsArray())!["retryOutcome"]!);
    }

    [Fact]
    public async Task What_was_no_usage_or_is_not_what_was_sent_is_never_charged()
    {
        var (user, service) = (Ids.User("forged"), Ids.User("service"));
        var usage = _service.Usage(service, 1, user);
        await _service.Post("/v1/usage", usage);
        await _service.Post("/v1/usage", new { usageId = NewId(), userId = user, service, quantity = 0, occurredAt = _service.Now });
        await PutOnSale(service, nanos: 1);
        await Execute("update rejected_usage set payload = replace(payload, '\"quantity\":1', '\"quantity\":2') where user_id = $1 and code = 'unknown_service'", user);

        var refused = await Retry(new { operationId = NewId(), rejectedFor = "invalid_quantity", actor = "eve", reason = "please" });
        Assert.Equal((422, "not_retryable"), (refused.Status, (string)refused.Body!["code"]!));
        var forged = await Retry(new { operationId = NewId(), usageId = usage.UsageId, actor = "eve", reason = "please" });
        Assert.Equal((200, 1, 0, 1), Numbers(forged));
        Assert.Equal("not_retryable", (string)forged.Body!["code"]!);
        Assert.Empty((await Rejected($"userId={user}&reason=unknown_service&resolved=false"))["items"]!.AsArray());
        Assert.Empty((await _service.Get($"/v1/accounts/{user}/records")).Body!["items"]!.AsArray());
    }

    [Fact]
    public async Task The_log_is_listed_by_user_and_by_actor_in_pages_newest_first()
    {
        var (user, actor) = (Ids.User("logged"), Ids.User("actor"));
        foreach (var limit in (string[])["1", "2", "3"]) await Overdraft(user, NewId(), limit, actor);
        await Overdraft(Ids.User("another"), NewId(), "9", actor);

        var first = await Acts($"actor={actor}&limit=3");
        var second = await Acts($"actor={actor}&limit=3&cursor={first["nextCursor"]}");
        Assert.Equal(["9.00", "3.00", "2.00", "1.00"], first["items"]!.AsArray().Concat(second["items"]!.AsArray()).Select(act => (string)act!["changes"]![0]!["after"]!));
        Assert.Equal(3, (await Acts($"userId={user}"))["items"]!.AsArray().Count);
        Assert.Empty((await Acts($"userId={user}&to=2020-01-01T00:00:00Z"))["items"]!.AsArray());
        Assert.Equal(400, (await _service.Get($"/v1/operator-acts?actor={actor}&cursor={first["nextCursor"]}x")).Status);
        Assert.Equal(400, (await _service.Get("/v1/operator-acts?user=misspelt")).Status);
    }

    Task<(int Status, JsonNode? Body)> Reverse(Guid usageId, string user) =>
        _service.Post($"/v1/usage/{usageId}/reversal", new { userId = user, actor = "eve", reason = "the call failed" });

    Task<(int Status, JsonNode? Body)> Overdraft(string user, Guid operationId, string limit, string actor = "eve") =>
        _service.Put($"/v1/accounts/{user}/overdraft", new { operationId, limit, actor, reason = "a test" });

    Task<(int Status, JsonNode? Body)> Retry(object request) => _service.Post("/v1/rejected-usage/retry", request);

    async Task<JsonNode> Rejected(string query) => (await _service.Get($"/v1/rejected-usage?{query}")).Body!;

    async Task<JsonNode> Acts(string query) => (await _service.Get($"/v1/operator-acts?{query}")).Body!;

    static (int Status, long Tried, long Charged, long RejectedAgain) Numbers((int Status, JsonNode? Body) answer) =>
        (answer.Status, (long)answer.Body!["tried"]!, (long)answer.Body["charged"]!, (long)answer.Body["rejectedAgain"]!);

    static Usage Checked(UsageOccurred usage)
    {
        var occurredAt = new DateTimeOffset(usage.OccurredAt.UtcTicks - usage.OccurredAt.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
        return new Usage
        {
            UsageId = usage.UsageId, UserId = usage.UserId, Service = usage.Service, Quantity = usage.Quantity, OccurredAt = occurredAt,
            ContentHash = ContentHash.Of(usage.UserId, usage.Service, usage.Quantity, null, occurredAt),
        };
    }

    async Task PutOnSale(string service, long nanos)
    {
        await Execute("insert into service (service_id, name, priced_by) select max(service_id) + 1, $1, 1 from service", service);
        await Execute("insert into price (service_id, version, amount_nanos, per_units, effective_from) select service_id, 1, $2, 1, 0 from service where name = $1", service, nanos);
        var rules = _service.Services.GetRequiredService<Rules>();
        rules.Use(rules.Current with { Catalogue = await _service.Services.GetRequiredService<CatalogueStore>().Load(default) }, rules.Currency);
    }

    async Task Execute(string sql, params object?[] parameters)
    {
        var database = _service.Services.GetRequiredService<IDatabase>();
        await using var connection = await database.Open(default);
        await using var command = database.Statement(connection, sql, parameters);
        await command.ExecuteNonQueryAsync();
    }
}
