using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Billing.TestSupport.Broker;
using Billing.TestSupport.Doors;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Billing.IntegrationTests.BadInput;

/// <summary>
/// Usage with every kind of bad input, as a message of its own, inside a batch and over HTTP. What can be read is charged or stands in
/// rejected_usage with its code; what cannot lies in the error queue or is answered; and never is a neighbour touched.
/// </summary>
[Collection(ServersCollection.Name)]
public sealed class UsageTests(EveryRequest running) : IClassFixture<EveryRequest>, IAsyncLifetime
{
    const string Now = "$now";

    readonly Auditor _auditor = running.NewAuditor();
    readonly HttpClient _http = running.Service.Http;

    public static TheoryData<string, string, string?, string> Rows
    {
        get
        {
            var rows = new TheoryData<string, string, string?, string>
            {
                { "no usage id", "usageId", null, ErrorCodes.InvalidUsageId },
                { "no user", "userId", null, ErrorCodes.InvalidUserId },
                { "no service", "service", null, ErrorCodes.InvalidService },
                { "no quantity", "quantity", null, ErrorCodes.InvalidQuantity },
                { "no time", "occurredAt", null, ErrorCodes.InvalidOccurredAt },
                { "NaN", "quantity", "\"NaN\"", ErrorCodes.InvalidQuantity },
                { "1e30", "quantity", "1e30", ErrorCodes.InvalidQuantity },
                { "1.5", "quantity", "1.5", ErrorCodes.InvalidQuantity },
                { "quantity 0", "quantity", "0", ErrorCodes.InvalidQuantity },
                { "quantity -1", "quantity", "-1", ErrorCodes.InvalidQuantity },
                { "one more than the most", "quantity", "1000000001", ErrorCodes.InvalidQuantity },
                { "beyond 64 bits", "quantity", "18446744073709551617", ErrorCodes.InvalidQuantity },
                { "a text for a number", "quantity", "\"1\"", ErrorCodes.InvalidQuantity },
                { "an unknown service", "service", "\"no-such-service\"", ErrorCodes.UnknownService },
                { "another case of a service", "service", "\"SEARCH\"", ErrorCodes.UnknownService },
                { "another currency", "currency", "\"EUR\"", ErrorCodes.CurrencyMismatch },
                { "a currency in small letters", "currency", "\"usd\"", ErrorCodes.CurrencyMismatch },
                { "a cost where the catalogue prices", "cost", "\"0.00\"", ErrorCodes.CostNotAllowed },
                { "a negative cost", "cost", "\"-1.00\"", ErrorCodes.InvalidCost },
                { "a cost as a number", "cost", "0.5", ErrorCodes.InvalidCost },
                { "too old", "occurredAt", $"\"{TimeProvider.System.GetUtcNow().AddDays(-36):O}\"", ErrorCodes.UsageTooOld },
                { "in the future", "occurredAt", $"\"{TimeProvider.System.GetUtcNow().AddMinutes(30):O}\"", ErrorCodes.UsageInFuture },
                { "without an offset", "occurredAt", "\"2026-11-22T10:00:00\"", ErrorCodes.InvalidOccurredAt },
                { "a reservation that is none", "reservationId", "\"00000000-0000-0000-0000-000000000000\"", ErrorCodes.InvalidReservationId },
                { "half a surrogate pair", "userId", "\"\\ud83d\"", ErrorCodes.InvalidUserId },
                { "bytes that are no Unicode", "userId", "\"\u00ff\"", ErrorCodes.InvalidUserId },
            };
            foreach (var (name, text) in BadValues.Texts)
            {
                rows.Add($"a user id: {name}", "userId", JsonSerializer.Serialize(text), ErrorCodes.InvalidUserId);
                rows.Add($"a service: {name}", "service", JsonSerializer.Serialize(text), ErrorCodes.InvalidService);
            }
            return rows;
        }
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _auditor.Check();

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Is_rejected_with_its_code_at_every_door_and_its_neighbours_are_charged(string name, string field, string? value, string code)
    {
        var user = Ids.User("row");
        var (single, batched, posted, deducted) = (Bad(), Bad(), Bad(), Bad());
        var good = Enumerable.Range(0, 5).Select(_ => _auditor.Charged(TestUsage.Of(user))).ToArray();

        await running.Gateway.Publish<UsageOccurred>(Bytes(single.Json), "application/json");
        await running.Gateway.PublishPlain(good[0].ToMessage());
        await running.Gateway.Publish<UsageBatch>(Bytes($$"""{"items":[{{Json(good[1])}},{{batched.Json}},{{Json(good[2])}}]}"""), "application/json");
        var (status, receipt) = await Post("/v1/usage", Bytes($"[{Json(good[3])},{posted.Json},{Json(good[4])}]"));
        var (refused, answer) = await Post("/v1/deductions", Bytes(deducted.Json));

        Assert.Equal((200, 2, code), (status, (int)receipt!["charged"]!, (string?)receipt["items"]![1]!["code"]));
        Assert.True(refused is >= 400 and < 500, $"{name}: {refused}");
        Assert.Equal(code, (string?)answer!["code"]);
        await running.WaitUntilCharged(good);
        // Without an id of its own it is found by who sent it.
        foreach (var (id, json) in new[] { single, batched, posted })
        {
            var found = await Eventually.That(() => running.Count("select count(*) from rejected_usage where code = $1 and (usage_id = nullif($2, '') or payload like $3)", code, id, $"%{Marker(json)}%"), count => count > 0, $"{name} is rejected");
            Assert.Equal(1, found);
        }
        // Nobody happened: what asks for funds is refused to the one who asked, and keeps no row.
        Assert.Equal(0, await running.Count("select count(*) from rejected_usage where payload like $1", $"%{Marker(deducted.Json)}%"));

        (string Id, string Json) Bad()
        {
            var usage = TestUsage.Of(user);
            var others = JsonNode.Parse(Json(usage))!.AsObject();
            others.Remove(field);
            others["marker"] = $"m-{usage.UsageId:N}";
            var json = others.ToJsonString();
            return (field == "usageId" ? "" : usage.UsageId.ToString(), value is null ? json : $"{json[..^1]},\"{field}\":{value}}}");
        }
    }

    [Theory]
    [InlineData("UsageOccurred", "billing-usage")]
    [InlineData("UsageBatch", "billing-usage-batch")]
    public async Task A_message_that_cannot_be_read_lies_in_the_error_queue_as_it_came_and_its_neighbours_are_charged(string message, string queue)
    {
        var user = Ids.User("unread");
        var before = await running.Broker.Ready($"{queue}_error");
        var bodies = BadBodies.Unreadable.Values.Concat(message == "UsageBatch" ? BadBodies.Doubtful.Values : []).ToList();
        var good = bodies.ConvertAll(_ => _auditor.Charged(TestUsage.Of(user)));

        foreach (var (body, neighbour) in bodies.Zip(good))
        {
            await running.Gateway.PublishTo($"Billing.Contracts:{message}", "", body);
            await running.Gateway.PublishPlain(neighbour.ToMessage());
        }

        await running.WaitUntilCharged(good);
        await Eventually.That(() => running.Broker.Ready($"{queue}_error"), kept => kept == before + bodies.Count, $"all {bodies.Count} lie in {queue}_error");
        await using var administrator = await Publisher.Connect(running.Broker.AsAdministrator);
        var kept = new List<string>();
        while (await administrator.Channel.BasicGetAsync($"{queue}_error", autoAck: true) is { } error)
        {
            kept.Add(Convert.ToBase64String(error.Body.Span));
            Assert.NotEmpty((byte[])error.BasicProperties.Headers!["MT-Fault-Message"]!);
        }
        Assert.Empty(bodies.Select(Convert.ToBase64String).Except(kept));
    }

    [Fact]
    public async Task A_body_that_cannot_be_read_is_answered_over_HTTP()
    {
        foreach (var (name, body) in BadBodies.Unreadable)
        {
            foreach (var path in (string[])["/v1/usage", "/v1/deductions"])
            {
                var (status, problem) = await Post(path, body);
                Assert.True((400, ErrorCodes.InvalidRequest) == (status, (string?)problem!["code"]), $"{path}, {name}: {status} {problem}");
            }
        }
    }

    [Fact]
    public async Task What_HTTP_can_be_told_of_a_body_changes_nothing()
    {
        var usage = _auditor.Charged(TestUsage.Of(Ids.User("headers")));
        using var packed = new ByteArrayContent(BadBodies.Unreadable["gzip"]);
        packed.Headers.ContentEncoding.Add("gzip");
        using var gzip = await _http.PostAsync("/v1/usage", packed);
        Assert.Equal(400, (int)gzip.StatusCode);

        using var marked = new ByteArrayContent([0xEF, 0xBB, 0xBF, .. Bytes(Json(usage))]);
        marked.Headers.ContentType = MediaTypeHeaderValue.Parse("text/xml; charset=utf-16");
        using var bom = await _http.PostAsync("/v1/usage", marked);
        Assert.Equal(200, (int)bom.StatusCode);
    }

    [Theory]
    [InlineData("""{"USAGEID":"$id","UserId":"$user","SERVICE":"search","Quantity":1,"occurredat":"$now"}""", 1)]
    [InlineData("""{"usageId":"$id","userId":"$user","service":"search","quantity":1,"occurredAt":"$now","price":"0.00","amount":"0","free":true,"isAdmin":true,"balance":{"a":[1]}}""", 1)]
    [InlineData("""{"usageId":"$id","userId":"$user","service":"search","quantity":1,"quantity":3,"occurredAt":"$now"}""", 3)]
    [InlineData("""{"usageId":"$id","userId":"nobody","service":"search","quantity":1,"occurredAt":"$now","us\u0065rId":"$user"}""", 1)]
    [InlineData("""{"usageId":"$id","userId":"$user","service":"search","quantity":2,"occurredAt":"$now","cost":null,"currency":"USD","reservationId":null}""", 2)]
    public async Task Other_names_extra_fields_and_fields_that_stand_there_twice_are_read_alike_at_every_door(string json, long quantity)
    {
        var user = Ids.User("alike");
        var usages = Enumerable.Range(0, 4).Select(_ => _auditor.Charged(TestUsage.Of(user, quantity: quantity))).ToArray();
        var texts = usages.Select(usage => json.Replace("$id", usage.UsageId.ToString()).Replace("$user", user).Replace(Now, usage.OccurredAt.ToString("O"))).ToArray();

        await running.Gateway.Publish<UsageOccurred>(Bytes(texts[0]), "application/json");
        await running.Gateway.Publish<UsageBatch>(Bytes($$"""{"items":[{{texts[1]}}]}"""), "application/json");
        var (status, _) = await Post("/v1/usage", Bytes(texts[2]));
        await running.Gateway.Publish<UsageBatch>(Bytes($$"""{"ITEMS":[{{texts[3]}}],"price":0}"""), "application/json");

        Assert.Equal(200, status);
        await running.WaitUntilCharged(usages);
    }

    [Fact]
    public async Task Messages_under_one_message_id_without_one_and_without_a_content_type_are_all_charged()
    {
        var user = Ids.User("properties");
        var usages = Enumerable.Range(0, 9).Select(_ => _auditor.Charged(TestUsage.Of(user))).ToArray();
        var same = Ids.WithTime().ToString();

        foreach (var usage in usages[..3]) await Send(usage, new BasicProperties { ContentType = "application/json", MessageId = same });
        foreach (var usage in usages[3..6]) await Send(usage, new BasicProperties());
        foreach (var usage in usages[6..]) await Send(usage, new BasicProperties { ContentType = "text/plain", MessageId = "not a UUID", CorrelationId = "\ud83d", ContentEncoding = "gzip", Expiration = "60000", Type = "<script>" });

        await running.WaitUntilCharged(usages);

        async Task Send(TestUsage usage, BasicProperties properties) => await running.Gateway.Channel.BasicPublishAsync("Billing.Contracts:UsageOccurred", "", mandatory: true, properties, Bytes(Json(usage)));
    }

    [Fact]
    public async Task The_same_usage_through_every_door_is_charged_once_and_another_under_its_id_is_rejected_once()
    {
        var usage = _auditor.Charged(TestUsage.Of(Ids.User("doors"), TestCatalogue.Image, 7));
        var other = usage with { Quantity = 1 };
        await Post("/v1/usage", Bytes(Json(usage)));

        for (var i = 0; i < 2; i++)
        {
            foreach (var one in (TestUsage[])[usage, other])
            {
                await running.Gateway.PublishPlain(one.ToMessage());
                await running.Gateway.PublishInEnvelope(new UsageBatch { Items = [one.ToMessage(), one.ToMessage()] });
                await Post("/v1/usage", Bytes($"[{Json(one)},{Json(one)}]"));
            }
            Assert.True((await running.Requests.Ask<DeductQuota, QuotaDeduction>(usage.ToRequest())).Duplicate);
            Assert.Equal(ErrorCodes.UsageIdReused, (await running.Requests.Ask<DeductQuota, QuotaDeduction>(other.ToRequest())).Code);
        }

        _auditor.Rejected(usage.UsageId.ToString(), ErrorCodes.UsageIdReused);
        await Eventually.That(async () => await running.Broker.Ready("billing-usage") + await running.Broker.Ready("billing-usage-batch"), waiting => waiting == 0, "all is taken");
    }

    [Fact]
    public async Task What_no_balance_can_hold_is_rejected_and_the_balance_stands()
    {
        var most = new Money(long.MaxValue);
        var first = _auditor.Charged(TestUsage.Of(Ids.User("overflow"), TestCatalogue.Llm) with { Cost = most });
        await Post("/v1/usage", Bytes(Json(first)));
        var (_, receipt) = await Post("/v1/usage", Bytes(Json(TestUsage.Of(first.UserId, TestCatalogue.Llm) with { Cost = most })));

        Assert.Equal(ErrorCodes.AmountOverflow, (string?)receipt!["items"]![0]!["code"]);
        Assert.Equal(-long.MaxValue, await running.Count("select balance_nanos from account where user_id = $1", first.UserId));
    }

    [Fact]
    public async Task Too_many_items_are_refused_as_a_whole_and_a_batch_message_may_have_thousands()
    {
        var user = Ids.User("many");
        var checks = $"[{string.Join(',', Enumerable.Range(0, 10_000).Select(i => $"{{\"userId\":\"{user}{i}\",\"service\":\"image\"}}"))}]";
        var users = $"{{\"userIds\":[{string.Join(',', Enumerable.Range(0, 10_000).Select(i => $"\"{user}{i}\""))}]}}";
        Assert.Equal((413, ErrorCodes.TooMany), Of(await Post("/v1/quota/checks", Bytes(checks))));
        Assert.Equal((413, ErrorCodes.TooMany), Of(await Post("/v1/accounts/query", Bytes(users))));
        Assert.Equal(ErrorCodes.TooMany, (await running.As("gateway").Ask("CheckQuotas", Bytes($"{{\"items\":{checks}}}"))).GetProperty("code").GetString());
        Assert.Equal(ErrorCodes.TooMany, (await running.As("web").Ask("GetAccounts", Bytes(users))).GetProperty("code").GetString());

        var usages = Enumerable.Range(0, 3_000).Select(_ => _auditor.Charged(TestUsage.Of(user))).ToArray();
        await running.Gateway.PublishPlain(new UsageBatch { Items = [.. usages.Select(usage => usage.ToMessage())] });
        await running.WaitUntilCharged(usages);

        static (int, string?) Of((int Status, JsonNode? Body) answer) => (answer.Status, (string?)answer.Body!["code"]);
    }

    [Fact]
    public async Task What_is_larger_than_a_door_is_refused_there()
    {
        var usage = _auditor.Charged(TestUsage.Of(Ids.User("large")));
        var (status, problem) = await Post("/v1/usage", Bytes($"[{Json(usage)}{new string(' ', 1_100_000)}]"));
        Assert.Equal((413, ErrorCodes.TooMany), (status, (string?)problem!["code"]));

        await using (var sender = await Publisher.Connect(running.Broker.AsGateway))
        {
            var refused = await Assert.ThrowsAnyAsync<OperationInterruptedException>(() => sender.Publish<UsageOccurred>(new byte[17 * 1_024 * 1_024], "application/json"));
            Assert.Equal(406, refused.ShutdownReason!.ReplyCode);
        }
        await running.Gateway.PublishPlain(usage.ToMessage());
        await running.WaitUntilCharged(usage);
    }

    async Task<(int Status, JsonNode? Body)> Post(string path, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        using var answer = await _http.PostAsync(path, content);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text) : null);
    }

    static string Marker(string json) => json[json.IndexOf("\"m-", StringComparison.Ordinal)..][1..35];

    // "ÿ" stands for a byte that begins nothing in UTF-8.
    static byte[] Bytes(string json) => (json.Contains('\u00ff') ? Encoding.Latin1 : Encoding.UTF8).GetBytes(json);

    static string Json(TestUsage usage) => JsonSerializer.Serialize(usage.ToMessage(), JsonSerializerOptions.Web);
}
