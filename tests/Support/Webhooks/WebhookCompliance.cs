using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Xunit.Abstractions;

namespace Billing.TestSupport.Webhooks;

/// <summary>From a charge to the receiver's door, through the whole service, whatever it stands on.</summary>
public abstract class WebhookCompliance(ITestOutputHelper output) : IAsyncLifetime
{
    protected static readonly string[] Settings =
        ["Webhooks:AllowPrivateNetworks=true", "Webhooks:Timeout=00:00:01", "Webhooks:SecretKey=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "Alerts:BalanceLowAt=5"];

    readonly List<TestReceiver> _receivers = [];
    readonly List<Guid> _webhooks = [];

    protected TestService Service { get; private set; } = null!;

    protected abstract Task<TestService> OpenService();

    protected abstract Task CloseService();

    public async Task InitializeAsync() => Service = await OpenService();

    public async Task DisposeAsync()
    {
        // The tests of a class share the service: what one subscribed must not go on for the others.
        foreach (var webhook in _webhooks) using (await Service.Http.DeleteAsync($"/v1/webhooks/{webhook}?actor=eve&reason=over")) { }
        foreach (var receiver in _receivers) await receiver.DisposeAsync();
        await CloseService();
    }

    [Fact]
    public async Task A_crossing_reaches_its_subscriber_signed_and_within_a_second()
    {
        var (user, receiver) = (Ids.User("low"), await NewReceiver());
        var (_, secret) = await Subscribe(receiver, user, "balance.low");
        var elapsed = new List<double>();
        for (var round = 1; round <= 20; round++)
        {
            await Adjust(user, "10");
            var before = TimeProvider.System.GetUtcNow();
            await Adjust(user, "-10");
            var told = (await receiver.Wait(round))[^1];
            elapsed.Add((told.At - before).TotalMilliseconds);
        }

        var first = receiver.Received[0];
        Assert.True(first.IsSignedBy(secret));
        Assert.Equal(("balance.low", "application/json", user, "0.00", "5.00"), (first.Type, first.ContentType, (string)first.Data["userId"]!, (string)first.Data["available"]!, (string)first.Data["threshold"]!));
        Assert.Equal(20, receiver.Received.Select(received => received.Id).Distinct().Count());
        elapsed.Sort();
        output.WriteLine($"from before the charge to the receiver, ms: median {elapsed[10]:0}, 19 of 20 within {elapsed[18]:0}, worst {elapsed[^1]:0}");
        Assert.InRange(elapsed[10], 0, 1_000);
    }

    [Fact]
    public async Task Each_kind_of_crossing_has_its_event()
    {
        var (user, receiver) = (Ids.User("kinds"), await NewReceiver());
        await Subscribe(receiver, user, "free_quota.reached", "account.in_debt");
        await Use(user, TestCatalogue.Image, 9);

        var told = await receiver.Wait(3);
        Assert.Equal(["account.in_debt", "free_quota.reached", "free_quota.reached"], told.Select(received => received.Type).Order());
        Assert.Equal([80, 100], told.Where(received => received.Type == "free_quota.reached").Select(received => (int)received.Data["percent"]!).Order());
        Assert.Equal("-0.16", (string)told.Single(received => received.Type == "account.in_debt").Data["balance"]!);
    }

    [Fact]
    public async Task A_subscription_hears_only_what_it_wants_and_of_whom()
    {
        var (user, receiver, all) = (Ids.User("mine"), await NewReceiver(), await NewReceiver());
        await Subscribe(receiver, user, "balance.low");
        await Subscribe(all, null, "account.in_debt");
        foreach (var name in (string[])[Ids.User("other"), user])
        {
            await Adjust(name, "10");
            await Adjust(name, "-11");
        }

        await all.Wait(2);
        Assert.Equal(user, (string)Assert.Single(await receiver.Wait(1)).Data["userId"]!);
        Assert.All(all.Received, received => Assert.Equal("account.in_debt", received.Type));
    }

    [Theory]
    [InlineData(StatusCodes.Status500InternalServerError)]
    [InlineData(StatusCodes.Status307TemporaryRedirect)]
    public async Task What_is_not_taken_comes_again_under_the_same_id_and_no_redirection_is_followed(int status)
    {
        var (receiver, elsewhere) = (await NewReceiver(), await NewReceiver());
        receiver.Behave = context =>
        {
            context.Response.Headers.Location = elsewhere.Url;
            context.Response.StatusCode = receiver.Received.Count == 1 ? status : StatusCodes.Status200OK;
            return Task.CompletedTask;
        };
        var (webhook, secret) = await Subscribe(receiver, null, "account.in_debt");
        await Post($"/v1/webhooks/{webhook}/test");

        var received = await receiver.Wait(2);
        Assert.Equal(received[0].Id, received[1].Id);
        Assert.All(received, again => Assert.True(again.IsSignedBy(secret)));
        Assert.InRange((received[1].At - received[0].At).TotalSeconds, 4.9, 10);
        Assert.Empty(elsewhere.Received);
        var line = await Delivery(webhook, "delivered");
        Assert.Equal((2, 200), ((int)line["attempts"]!, (int)line["status"]!));
    }

    [Fact]
    public async Task A_receiver_that_is_gone_is_not_called_again()
    {
        var (user, receiver) = (Ids.User("gone"), await NewReceiver());
        receiver.Behave = TestReceiver.Answer(StatusCodes.Status410Gone);
        var (webhook, _) = await Subscribe(receiver, user, "account.in_debt");
        await Post($"/v1/webhooks/{webhook}/test");

        var status = await Eventually.That(() => Get($"/v1/webhooks/{webhook}"), told => !(bool)told["enabled"]!, "it is disabled");
        Assert.Equal("the receiver answered 410 Gone", (string)status["disabledBecause"]!);
        Assert.Equal(410, (int)(await Delivery(webhook, "given_up"))["status"]!);
        await Use(user, TestCatalogue.Search, 1);
        Assert.Single((await Get($"/v1/webhooks/{webhook}/deliveries"))["items"]!.AsArray());
        Assert.Single(receiver.Received);
    }

    [Fact]
    public async Task A_slow_receiver_delays_nobody_else_and_no_charge()
    {
        var (slow, quick) = (await NewReceiver(), await NewReceiver());
        slow.Behave = context => Task.Delay(TimeSpan.FromSeconds(30), context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        var (slowly, _) = await Subscribe(slow, null, "account.in_debt");
        await Subscribe(quick, null, "account.in_debt");
        for (var number = 0; number < 12; number++) await Post($"/v1/webhooks/{slowly}/test");
        await slow.Wait(4);

        var before = TimeProvider.System.GetUtcNow();
        await Use(Ids.User("debtor"), TestCatalogue.Search, 1);
        Assert.InRange(((await quick.Wait(1))[0].At - before).TotalSeconds, 0, 1);
        Assert.Contains("no answer within 1 s", (string)(await Eventually.That(() => Delivery(slowly, "pending", tried: true), line => line["error"] is not null, "an attempt has failed"))["error"]!);
    }

    [Fact]
    public async Task An_answer_without_end_is_not_read()
    {
        var receiver = await NewReceiver();
        receiver.Behave = async context =>
        {
            var flood = new byte[65_536];
            while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(flood, context.RequestAborted);
        };
        var (webhook, _) = await Subscribe(receiver, null, "account.in_debt");
        var before = TimeProvider.System.GetUtcNow();
        await Post($"/v1/webhooks/{webhook}/test");

        Assert.Equal(1, (int)(await Delivery(webhook, "delivered"))["attempts"]!);
        Assert.InRange((TimeProvider.System.GetUtcNow() - before).TotalSeconds, 0, 5);
    }

    [Fact]
    public async Task Nobody_at_the_door_is_tried_again()
    {
        var receiver = await NewReceiver();
        var (webhook, _) = await Subscribe(receiver, null, "account.in_debt");
        await receiver.DisposeAsync();
        await Post($"/v1/webhooks/{webhook}/test");

        var line = await Delivery(webhook, "pending", tried: true);
        Assert.Null(line["status"]);
        Assert.True((DateTimeOffset)line["dueAt"]! > (DateTimeOffset)line["createdAt"]!);
        await Delete(webhook);
        Assert.Equal(HttpStatusCode.NotFound, (await Service.Http.GetAsync($"/v1/webhooks/{webhook}")).StatusCode);
    }

    [Fact]
    public async Task While_secrets_rotate_both_sign_and_none_is_told_twice_or_stands_in_the_database()
    {
        var receiver = await NewReceiver();
        var (webhook, former) = await Subscribe(receiver, null, "account.in_debt");
        var secret = (string)(await Post($"/v1/webhooks/{webhook}/rotation", Signed()))["secret"]!;
        await Post($"/v1/webhooks/{webhook}/test");

        var received = (await receiver.Wait(1))[0];
        Assert.NotEqual(former, secret);
        Assert.True(received.IsSignedBy(former) && received.IsSignedBy(secret));
        Assert.Null((await Get($"/v1/webhooks/{webhook}"))["secret"]);
        await using var connection = await Service.Database.Open(default);
        await using var command = Service.Database.Statement(connection, "select secret || ' ' || former_secret from webhook_subscription where webhook_id = $1", webhook);
        var stored = (string)(await command.ExecuteScalarAsync())!;
        Assert.All(stored.Split(' '), sealedSecret => Assert.StartsWith("aes256gcm:", sealedSecret));
        Assert.DoesNotContain(secret["whsec_".Length..], stored);
    }

    [Fact]
    public async Task A_delivery_can_be_sent_once_more_under_its_id_and_the_list_comes_in_pages()
    {
        var receiver = await NewReceiver();
        var (webhook, _) = await Subscribe(receiver, null, "account.in_debt");
        for (var number = 0; number < 3; number++) await Post($"/v1/webhooks/{webhook}/test");
        await Eventually.That(() => Get($"/v1/webhooks/{webhook}/deliveries?state=delivered"), page => page["items"]!.AsArray().Count == 3, "all are delivered");

        var first = await Get($"/v1/webhooks/{webhook}/deliveries?limit=2");
        var second = await Get($"/v1/webhooks/{webhook}/deliveries?limit=2&cursor={first["nextCursor"]}");
        var line = Assert.Single(second["items"]!.AsArray())!;
        Assert.Null(second["nextCursor"]);
        var replayed = await Post($"/v1/webhooks/{webhook}/deliveries/{line["deliveryId"]}/replay");
        Assert.Equal((string)line["eventId"]!, (string)replayed["eventId"]!);
        var received = await receiver.Wait(4);
        Assert.Equal((string)line["eventId"]!, received[3].Id);
        Assert.Equal(received[0], received[3] with { At = received[0].At, Timestamp = received[0].Timestamp, Signatures = received[0].Signatures });
        Assert.Equal(HttpStatusCode.NotFound, (await Service.Http.PostAsync($"/v1/webhooks/{webhook}/deliveries/999999/replay", null)).StatusCode);
    }

    [Fact]
    public async Task Disabled_it_is_told_nothing_and_enabled_again_it_goes_on()
    {
        var (user, receiver) = (Ids.User("paused"), await NewReceiver());
        var (webhook, _) = await Subscribe(receiver, user, "account.in_debt");
        await Enable(webhook, enabled: false, Ids.WithTime());
        await Post($"/v1/webhooks/{webhook}/test");
        await Use(user, TestCatalogue.Search, 1);
        Assert.Single((await Get($"/v1/webhooks/{webhook}/deliveries"))["items"]!.AsArray());
        Assert.Empty(receiver.Received);

        await Enable(webhook, enabled: true, Ids.WithTime());
        Assert.Equal("webhook.test", (await receiver.Wait(1))[0].Type);
    }

    [Theory]
    [InlineData("""{"url":"ftp://example.com","events":["balance.low"]}""", "invalid_url")]
    [InlineData("""{"url":"https://ann:secret@example.com","events":["balance.low"]}""", "invalid_url")]
    [InlineData("""{"events":["balance.low"]}""", "invalid_url")]
    [InlineData("""{"url":"https://example.com","events":["balance.high"]}""", "invalid_events")]
    [InlineData("""{"url":"https://example.com","events":[]}""", "invalid_events")]
    [InlineData("""{"url":"https://example.com","events":["balance.low"],"userId":"a b"}""", "invalid_user_id")]
    [InlineData("""{"url":"https://example.com","events":["balance.low"],"secret":"mine"}""", "invalid_request")]
    [InlineData("""{"url":"https://example.com","events":["balance.low"],"actor":"eve","reason":"a test"}""", "invalid_operation_id")]
    [InlineData("""{"url":"https://example.com","events":["balance.low"],"operationId":"019ee4af-ff80-7000-8000-000000000001","reason":"a test"}""", "invalid_actor")]
    [InlineData("""{"url":"https://example.com","events":["balance.low"],"operationId":"019ee4af-ff80-7000-8000-000000000001","actor":"eve"}""", "invalid_reason")]
    public async Task A_subscription_that_makes_no_sense_is_refused_with_its_code(string body, string code)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await Service.Http.PostAsync("/v1/webhooks", content);
        Assert.Equal((HttpStatusCode.BadRequest, code), (answer.StatusCode, (string)(await answer.Content.ReadFromJsonAsync<JsonNode>())!["code"]!));
    }

    [Fact]
    public async Task Each_act_on_a_subscription_is_in_the_log_with_who_and_why_and_with_no_secret()
    {
        var (user, receiver) = (Ids.User("acts"), await NewReceiver());
        var (webhook, secret) = await Subscribe(receiver, user, "balance.low", "account.in_debt");
        await Enable(webhook, enabled: false, Ids.WithTime());
        await Enable(webhook, enabled: true, Ids.WithTime());
        var next = (string)(await Post($"/v1/webhooks/{webhook}/rotation", Signed()))["secret"]!;
        await Delete(webhook);

        var log = (await Get("/v1/operator-acts?limit=500"))["items"]!.AsArray().Where(act => (string?)act!["subject"] == webhook.ToString()).Reverse().ToList();
        Assert.Equal(["create_webhook", "disable_webhook", "enable_webhook", "rotate_webhook", "delete_webhook"], log.Select(act => (string)act!["kind"]!));
        Assert.All(log, act => Assert.Equal(("eve", "a test"), ((string)act!["actor"]!, (string)act["reason"]!)));
        Assert.Equal([("url", null, receiver.Url), ("events", null, "balance.low account.in_debt"), ("userId", null, user)], Changes(0));
        Assert.Equal([("enabled", "true", "false")], Changes(1));
        Assert.Equal([("enabled", "false", "true")], Changes(2));
        Assert.Equal([("url", receiver.Url, null), ("events", "balance.low account.in_debt", null), ("userId", user, null)], Changes(4));
        var text = string.Concat(log.Select(act => act!.ToJsonString()));
        Assert.All([secret["whsec_".Length..], next["whsec_".Length..], "aes256gcm:"], hidden => Assert.DoesNotContain(hidden, text));

        (string, string?, string?)[] Changes(int number) =>
            [.. log[number]!["changes"]!.AsArray().Select(change => ((string)change!["name"]!, (string?)change["before"], (string?)change["after"]))];
    }

    [Fact]
    public async Task The_same_operation_changes_a_subscription_once_and_tells_no_secret_again()
    {
        var (receiver, operation) = (await NewReceiver(), Ids.WithTime());
        var wish = new { operationId = operation, url = receiver.Url, events = new[] { "account.in_debt" }, actor = "eve", reason = "a test" };
        var (first, again) = (await Post("/v1/webhooks", wish), await Post("/v1/webhooks", wish));
        var webhook = (Guid)first["webhookId"]!;
        _webhooks.Add(webhook);
        Assert.Equal((webhook, true, null), ((Guid)again["webhookId"]!, (bool)again["duplicate"]!, (string?)again["secret"]));
        Assert.Equal(HttpStatusCode.Conflict, await StatusOf(Service.Http.PostAsJsonAsync("/v1/webhooks", wish with { url = "https://example.com" })));

        var rotation = Signed();
        var next = (string)(await Post($"/v1/webhooks/{webhook}/rotation", rotation))["secret"]!;
        Assert.Null((await Post($"/v1/webhooks/{webhook}/rotation", rotation))["secret"]);
        await Post($"/v1/webhooks/{webhook}/test");
        var received = (await receiver.Wait(1))[0];
        Assert.True(received.IsSignedBy((string)first["secret"]!) && received.IsSignedBy(next));

        var off = Ids.WithTime();
        await Enable(webhook, enabled: false, off);
        await Enable(webhook, enabled: true, Ids.WithTime());
        Assert.True((bool)(await Enable(webhook, enabled: false, off))["enabled"]!);
        var (other, _) = await Subscribe(receiver, null, "account.in_debt");
        Assert.Equal(HttpStatusCode.Conflict, await StatusOf(Service.Http.PutAsJsonAsync($"/v1/webhooks/{other}/enabled", new { operationId = off, enabled = false, actor = "eve", reason = "a test" })));
        Assert.True((bool)(await Get($"/v1/webhooks/{other}"))["enabled"]!);

        await Delete(webhook);
        Assert.Equal(HttpStatusCode.NotFound, await StatusOf(Service.Http.PostAsJsonAsync("/v1/webhooks", wish)));
    }

    [Fact]
    public async Task Nobody_changes_a_subscription_without_saying_who_and_why()
    {
        var receiver = await NewReceiver();
        var (webhook, _) = await Subscribe(receiver, null, "account.in_debt");

        Assert.Equal(HttpStatusCode.BadRequest, await StatusOf(Service.Http.DeleteAsync($"/v1/webhooks/{webhook}?actor=eve")));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusOf(Service.Http.PutAsJsonAsync($"/v1/webhooks/{webhook}/enabled", new { operationId = Ids.WithTime(), enabled = false })));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusOf(Service.Http.PostAsJsonAsync($"/v1/webhooks/{webhook}/rotation", new { operationId = Ids.WithTime(), actor = "eve" })));
        var status = await Get($"/v1/webhooks/{webhook}");
        Assert.Equal((true, null), ((bool)status["enabled"]!, (string?)status["formerSecretUntil"]));
    }

    protected async Task<TestReceiver> NewReceiver()
    {
        var receiver = await TestReceiver.Start();
        _receivers.Add(receiver);
        return receiver;
    }

    protected async Task<(Guid WebhookId, string Secret)> Subscribe(TestReceiver receiver, string? userId, params string[] events)
    {
        using var answer = await Service.Http.PostAsJsonAsync("/v1/webhooks", new { operationId = Ids.WithTime(), url = receiver.Url, events, userId, actor = "eve", reason = "a test" });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var webhook = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
        _webhooks.Add((Guid)webhook["webhookId"]!);
        return (_webhooks[^1], (string)webhook["secret"]!);
    }

    protected async Task<JsonNode> Post(string path, object? body = null)
    {
        using var answer = await Service.Http.PostAsJsonAsync(path, body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    protected async Task<JsonNode> Get(string path) => (await Service.Http.GetFromJsonAsync<JsonNode>(path))!;

    protected Task Use(string user, string service, long quantity) => Post("/v1/usage", TestUsage.Of(user, service, quantity).ToMessage());

    async Task Delete(Guid webhook)
    {
        using var answer = await Service.Http.DeleteAsync($"/v1/webhooks/{webhook}?actor=eve&reason=a%20test");
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    async Task<JsonNode> Enable(Guid webhook, bool enabled, Guid operationId)
    {
        using var answer = await Service.Http.PutAsJsonAsync($"/v1/webhooks/{webhook}/enabled", new { operationId, enabled, actor = "eve", reason = "a test" });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    static object Signed() => new { operationId = Ids.WithTime(), actor = "eve", reason = "a test" };

    static async Task<HttpStatusCode> StatusOf(Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        return answer.StatusCode;
    }

    Task Adjust(string user, string amount) => Post($"/v1/accounts/{user}/adjustments", new { adjustmentId = Ids.WithTime(), amount, actor = "eve", reason = "a test" });

    async Task<JsonNode> Delivery(Guid webhook, string state, bool tried = false)
    {
        var lines = await Eventually.That(async () => (await Get($"/v1/webhooks/{webhook}/deliveries?state={state}"))["items"]!.AsArray(),
            items => items.Any(IsThere), $"a delivery is {state}");
        return lines.First(IsThere)!;

        bool IsThere(JsonNode? line) => !tried || line!["error"] is not null;
    }
}
