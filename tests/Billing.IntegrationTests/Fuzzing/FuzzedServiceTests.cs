using System.Text;
using System.Text.Json;
using Billing.IntegrationTests.BadInput;
using Billing.TestSupport.Broker;
using Billing.TestSupport.Doors;
using Billing.TestSupport.Fuzzing;
using RabbitMQ.Client;

namespace Billing.IntegrationTests.Fuzzing;

/// <summary>
/// Mutilated messages and requests into the real service, by the real broker and over real HTTP. Nothing is charged that an independent
/// reader would not charge, nothing disappears, nothing is answered with a fault of the service, and every door charges afterwards.
/// </summary>
[Collection(ServersCollection.Name)]
public sealed class FuzzedServiceTests(EveryRequest running) : IClassFixture<EveryRequest>, IAsyncLifetime
{
    const int AtOnce = 32;
    const string Mine = "fuzz";
    const decimal CostMax = 1_000_000;

    static readonly int Share = Fuzz.Count / 50;

    readonly Auditor _auditor = running.NewAuditor();
    Random _random = new(Fuzz.Seed);
    readonly List<string> _wrong = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        // Whatever came before: each door still charges.
        var usages = Enumerable.Range(0, 4).Select(_ => _auditor.Charged(TestUsage.Of(Ids.User("after")))).ToArray();
        await running.Gateway.PublishPlain(usages[0].ToMessage());
        await running.Gateway.PublishPlain(new UsageBatch { Items = [usages[1].ToMessage()] });
        using (var posted = await Post("/v1/usage", JsonSerializer.SerializeToUtf8Bytes(usages[2].ToMessage(), JsonSerializerOptions.Web))) Assert.True(posted.IsSuccessStatusCode);
        await running.WaitUntilCharged(usages[..3]);
        Assert.Equal(ErrorCodes.InsufficientFunds, (await running.Requests.Ask<DeductQuota, QuotaDeduction>(usages[3].ToRequest() with { UsageId = Ids.WithTime() })).Code);
        await running.Gateway.PublishPlain(usages[3].ToMessage());
        await running.WaitUntilCharged(usages);
        await _auditor.Check();
    }

    [Fact]
    public async Task Each_usage_message_is_charged_rejected_or_in_the_error_queue()
    {
        var before = (await running.Broker.Ready("billing-usage_error"), running.Received.Settled);
        var (charges, unreadable, rejected) = (new Dictionary<Guid, ReadUsage>(), 0, new HashSet<Guid>());
        for (var i = 0; i < Share; i++)
        {
            var (right, body) = Mutated();
            var (isJson, usage) = ReadUsage.From(body, "USD", generously: true);
            if (!isJson) unreadable++;
            else if (usage is not null && IsCharged(usage)) charges.TryAdd(usage.UsageId, usage);
            else if (Encoding.UTF8.GetString(body).Contains(right.UsageId.ToString(), StringComparison.Ordinal)) rejected.Add(right.UsageId);
            await running.Gateway.PublishTo("Billing.Contracts:UsageOccurred", "", body);
        }

        await Eventually.That(() => Task.FromResult(running.Received.Settled - before.Settled), settled => settled >= Share, $"all {Share} are settled; {Fuzz.Again}");
        Assert.True(await running.Broker.Ready("billing-usage_error") - before.Item1 == unreadable, $"{unreadable} cannot be read, and in the error queue are {await running.Broker.Ready("billing-usage_error") - before.Item1}; {Fuzz.Again}");
        await Compare(charges);
        Assert.True(charges.Count > Share / 50 && unreadable > Share / 50 && rejected.Count > Share / 50, $"of {Share}: {charges.Count} charged, {unreadable} unreadable, {rejected.Count} rejected; {Fuzz.Again}");
        Assert.Equal(0, await running.Count("select count(*) from unnest($1::text[]) sent(id) where not exists (select from rejected_usage r where r.usage_id = sent.id or r.payload like '%' || sent.id || '%')", (object)rejected.Select(id => id.ToString()).ToArray()));
    }

    [Fact]
    public async Task Each_usage_over_HTTP_is_answered_as_what_became_of_it()
    {
        _random = new Random(Fuzz.Seed + 1);
        var charges = new Dictionary<Guid, ReadUsage>();
        var bodies = Enumerable.Range(0, Share).Select(_ => Mutated().Body).ToList();
        foreach (var body in bodies)
        {
            if (ReadUsage.From(body, "USD").Usage is { } usage && IsCharged(usage)) charges.TryAdd(usage.UsageId, usage);
        }
        await Parallel.ForEachAsync(bodies, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (body, _) =>
        {
            using var answer = await Post("/v1/usage", body);
            var text = await answer.Content.ReadAsStringAsync(default);
            var (isJson, usage) = ReadUsage.From(body, "USD");
            var status = (int)answer.StatusCode == 200 && JsonElement.Parse(text).GetProperty("items") is var items && items.GetArrayLength() == 1 ? items[0].GetProperty("status").GetString() : $"{(int)answer.StatusCode}";
            var expected = !isJson ? "400" : usage is not null && IsCharged(usage) ? "charged" : "rejected";
            // An array of usages is one too, and a body that is no object is none.
            if (status != expected && !(expected == "rejected" && status is "400" or "200")) Wrong($"{status}, not {expected}: {Encoding.Latin1.GetString(body)}");
        });

        await Compare(charges);
    }

    [Fact]
    public async Task Each_request_is_answered_over_the_broker_and_over_HTTP()
    {
        var doors = RequestDoors.All.Where(door => door.IsPlain).ToArray();
        var tries = Enumerable.Range(0, Share).Select(i =>
        {
            var door = doors[i % doors.Length];
            var right = door.Of(Ids.User("fuzz"));
            return (door, right, Body: Mutation.Of(Encoding.UTF8.GetBytes(right.Body), _random), Http: right.HttpBody is null ? null : Mutation.Of(Encoding.UTF8.GetBytes(right.HttpBody), _random));
        }).ToList();
        await Parallel.ForEachAsync(tries, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (one, _) =>
        {
            var answer = await running.As(one.door.Role).Ask(one.door.Message, one.Body);
            if (Code(answer) is { } code && !ErrorTable.Rows.ContainsKey(code)) Wrong($"{one.door.Message}: {code}: {Encoding.Latin1.GetString(one.Body)}");

            using var request = new HttpRequestMessage(one.door.Method, one.right.Path) { Content = one.Http is null ? null : new ByteArrayContent(one.Http) };
            using var http = await running.Service.Http.SendAsync(request, default);
            var text = await http.Content.ReadAsStringAsync(default);
            var status = (int)http.StatusCode;
            if (status < 400) return;
            var told = text.StartsWith('{') ? Code(JsonElement.Parse(text)) : null;
            if (told is null || !ErrorTable.Rows.TryGetValue(told, out var row) || row.Status != status || (status >= 500 && told != ErrorCodes.RequestExpired)) Wrong($"{one.door.Http}: {status} {told}: {Encoding.Latin1.GetString(one.Http ?? [])}");
        });

        Assert.True(_wrong.Count == 0, $"{_wrong.Count}, {Fuzz.Again}:\n{string.Join('\n', _wrong.Take(20))}");
    }

    [Fact]
    public async Task Each_notification_of_a_payment_is_kept_and_credits_nothing_that_nobody_ordered()
    {
        string[] notices = ["created", "succeeded", "failed", "refunded"];
        await using var sender = await Publisher.Connect(running.Broker.AsPaymentService);
        var (before, settled, unreadable) = (await InErrors(), running.Received.Settled, 0);
        for (var i = 0; i < Share / 2; i++)
        {
            var notice = notices[i % notices.Length];
            var body = Mutation.Of(Encoding.UTF8.GetBytes($$"""{"rechargeId":"{{Ids.WithTime()}}","paymentId":"p-{{i}}","refundId":"r-{{i}}","payUrl":"https://pay.example/1","amount":"10.00","currency":"USD","reason":"none"}"""), _random);
            if (!IsJson(body)) unreadable++;
            await sender.Channel.BasicPublishAsync($"Billing.Contracts:Payment{char.ToUpperInvariant(notice[0])}{notice[1..]}", "", mandatory: true, new BasicProperties { ContentType = "application/json", MessageId = i % 3 == 0 ? null : Ids.WithTime().ToString() }, body);
            using var answer = await Post($"/v1/payments/{notice}", body);
            if ((int)answer.StatusCode is not 202 and not 400) Wrong($"{notice}: {(int)answer.StatusCode}: {Encoding.Latin1.GetString(body)}");
        }

        await Eventually.That(() => Task.FromResult(running.Received.Settled - settled), now => now >= Share / 2, "all are settled");
        await Eventually.That(async () => await InErrors() - before, kept => kept == unreadable, $"{unreadable} lie in error queues; {Fuzz.Again}");
        Assert.True(_wrong.Count == 0, $"{_wrong.Count}, {Fuzz.Again}:\n{string.Join('\n', _wrong.Take(20))}");
        Assert.Equal(0, await running.Count("select count(*) from ledger_entry where kind in (1, 2)"));

        async Task<long> InErrors()
        {
            var sum = await running.Broker.Ready("billing-recharges_error") + await running.Broker.Ready("billing-payment-desk_error");
            foreach (var notice in notices) sum += await running.Broker.Ready($"billing-payment-{notice}_error");
            return sum;
        }
    }

    (TestUsage Right, byte[] Body) Mutated()
    {
        var right = TestUsage.Of(Ids.User(Mine), _random.Next(3) == 0 ? TestCatalogue.Llm : TestCatalogue.Search, _random.Next(1, 100));
        if (right.Service == TestCatalogue.Llm) right = right with { Cost = Money.Parse("0.25") };
        while (true)
        {
            var body = Mutation.Of(JsonSerializer.SerializeToUtf8Bytes(right.ToMessage(), JsonSerializerOptions.Web), _random);
            // Two that happen to name the same user must not together cost more than a balance holds.
            if (ReadUsage.From(body, "USD", generously: true).Usage is not { Cost: > CostMax }) return (right, body);
        }
    }

    /// <summary>By the documentation: a service on sale, a time in range, a cost only where the gateway prices.</summary>
    static bool IsCharged(ReadUsage usage) =>
        TestCatalogue.Services.Contains(usage.Service) && TestCatalogue.Of(usage.Service).AmountNanos is null == usage.Cost is not null && usage.IsInTime(TimeProvider.System.GetUtcNow());

    /// <summary>What is charged is exactly what had to be, to the last nano.</summary>
    async Task Compare(Dictionary<Guid, ReadUsage> expected)
    {
        // A mutilated user id may be anybody's: those are counted by their usages alone.
        var known = expected.Values.Where(usage => usage.UserId.StartsWith(Mine, StringComparison.Ordinal)).ToList();
        foreach (var usage in known) _auditor.Charged(new TestUsage
        {
            UsageId = usage.UsageId,
            UserId = usage.UserId,
            Service = usage.Service,
            Quantity = usage.Quantity,
            Cost = usage.Cost is { } cost ? Money.FromDecimal(cost) : null,
            OccurredAt = usage.OccurredAt,
            ReservationId = usage.ReservationId,
        });
        Assert.True(_wrong.Count == 0, $"{_wrong.Count}, {Fuzz.Again}:\n{string.Join('\n', _wrong.Take(20))}");
        var users = known.Select(usage => usage.UserId).Distinct().ToArray();
        Assert.Equal(expected.Count, await running.Count("select count(*) from usage_record where usage_id = any($1)", expected.Keys.ToArray()));
        Assert.Equal(known.Count, await running.Count("select count(*) from usage_record r join account a using (account_id) where a.user_id = any($1)", (object)users));
    }

    void Wrong(string what)
    {
        lock (_wrong) _wrong.Add(what);
    }

    Task<HttpResponseMessage> Post(string path, byte[] body) => running.Service.Http.PostAsync(path, new ByteArrayContent(body));

    static bool IsJson(byte[] body)
    {
        try
        {
            // The broker's reader lets comments and a last comma pass.
            if (body.Length == 0) return true;
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    static string? Code(JsonElement answer) => answer.ValueKind == JsonValueKind.Object && (answer.TryGetProperty("code", out var code) || answer.TryGetProperty("reason", out code)) && code.ValueKind == JsonValueKind.String ? code.GetString() : null;
}
