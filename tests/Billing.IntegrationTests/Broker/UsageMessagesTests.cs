using System.Text;
using System.Text.Json;

namespace Billing.IntegrationTests.Broker;

/// <summary>Usage as the gateway publishes it to the real broker, into the real service.</summary>
[Collection(ServersCollection.Name)]
public sealed class UsageMessagesTests(ServiceOnServers running) : IClassFixture<ServiceOnServers>
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    readonly Auditor _auditor = running.NewAuditor();

    [Fact]
    public async Task Single_usages_and_batches_are_charged_with_an_envelope_and_without()
    {
        var user = Ids.User("doors");
        var before = running.Received.Settled;
        var usages = Enumerable.Range(0, 12).Select(_ => _auditor.Charged(TestUsage.Of(user, TestCatalogue.Image))).ToArray();
        await running.Gateway.PublishPlain(usages[0].ToMessage());
        await running.Gateway.PublishInEnvelope(usages[1].ToMessage());
        await running.Gateway.PublishPlain(BatchOf(usages[2..7]));
        await running.Gateway.PublishInEnvelope(BatchOf(usages[7..]));

        await running.WaitUntilCharged(usages);
        await WaitUntilSettled(before + 4);
        await _auditor.Check();
    }

    [Fact]
    public async Task The_same_usages_redelivered_in_other_groupings_are_charged_once()
    {
        var random = new Random(7);
        var messages = running.Received.Settled;
        string[] users = [.. Enumerable.Range(0, 5).Select(number => Ids.User($"again{number}"))];
        var usages = Enumerable.Range(0, 60).Select(number => _auditor.Charged(TestUsage.Of(users[number % 5], TestCatalogue.Image) with
        {
            UsageId = number % 2 == 0 ? Ids.WithTime() : Ids.WithoutTime(),
        })).ToArray();
        for (var delivery = 0; delivery < 5; delivery++)
        {
            random.Shuffle(usages);
            var chunks = usages.Chunk(random.Next(1, 20)).ToArray();
            messages += chunks.Length;
            await Task.WhenAll(chunks.Select(chunk => chunk.Length == 1
                ? running.Gateway.PublishPlain(chunk[0].ToMessage())
                : running.Gateway.PublishInEnvelope(BatchOf(chunk))));
        }
        foreach (var usage in usages) await running.Gateway.PublishPlain(usage.ToMessage());

        await WaitUntilSettled(messages + usages.Length);
        await _auditor.Check();
    }

    [Fact]
    public async Task A_bad_usage_is_rejected_with_its_reason_and_its_neighbours_are_charged()
    {
        var user = Ids.User("bad");
        var before = running.Received.Settled;
        var good = Enumerable.Range(0, 4).Select(_ => _auditor.Charged(TestUsage.Of(user))).ToArray();
        var ids = Enumerable.Range(0, 7).Select(_ => Ids.WithTime()).ToArray();
        string[] items =
        [
            Item(good[0]),
            $$"""{"usageId":"{{ids[0]}}","userId":"{{user}}","service":"search","quantity":0,"occurredAt":"{{Now}}"}""",
            Item(good[1]),
            $$"""{"usageId":"{{ids[1]}}","userId":"{{user}}","service":"nothing-of-the-kind","quantity":1,"occurredAt":"{{Now}}"}""",
            $$"""{"usageId":"{{ids[2]}}","userId":"{{user}}","service":"search","quantity":1}""",
            $$"""{"usageId":"{{ids[3]}}","userId":"a\u0000b","service":"search","quantity":1,"occurredAt":"{{Now}}"}""",
            $$"""{"usageId":"{{ids[4]}}","userId":"{{new string('x', 39)}}😀 and more","service":"search","quantity":1,"occurredAt":"{{Now}}"}""",
            $$"""{"usageId":"{{ids[5]}}","userId":"{{user}}","service":"\ud800","quantity":1,"occurredAt":"{{Now}}"}""",
            $$"""{"usageId":"{{ids[6]}}","userId":{"no":"text"},"service":"search","quantity":1,"occurredAt":"{{Now}}"}""",
            """{"usageId":"not-an-id"}""", "{}", "null", "17", "\"text\"", "[1]",
            Item(good[2]),
        ];
        await running.Gateway.Publish<UsageBatch>(Encoding.UTF8.GetBytes($$"""{"items":[{{string.Join(',', items)}}]}"""), "application/json");
        await running.Gateway.PublishPlain(good[3].ToMessage());

        await running.WaitUntilCharged(good);
        await WaitUntilSettled(before + 2);
        string[] codes = [ErrorCodes.InvalidQuantity, ErrorCodes.UnknownService, ErrorCodes.InvalidOccurredAt, ErrorCodes.InvalidUserId, ErrorCodes.InvalidUserId, ErrorCodes.InvalidService, ErrorCodes.InvalidUserId];
        foreach (var (id, code) in ids.Zip(codes)) _auditor.Rejected(id.ToString(), code);
        _auditor.Rejected("not-an-id", ErrorCodes.InvalidUsageId);
        Assert.DoesNotContain("billing-usage-batch_error", await running.Broker.Queues());
        await _auditor.Check();
    }

    static UsageBatch BatchOf(TestUsage[] usages) => new() { Items = [.. usages.Select(usage => usage.ToMessage())] };

    static string Item(TestUsage usage) => JsonSerializer.Serialize(usage.ToMessage(), Json);

    static string Now => TimeProvider.System.GetUtcNow().ToString("O");

    Task WaitUntilSettled(long messages) => Eventually.That(() => Task.FromResult(running.Received.Settled), settled => settled >= messages, $"{messages} messages are settled");
}
