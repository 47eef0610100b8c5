using System.Text.Json;
using Billing.Service.Intake;
using Billing.Tests.Charging;

namespace Billing.Tests.Intake;

public sealed class ContentHashTests
{
    static readonly DateTimeOffset At = new(2026, 6, 20, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("2026-06-20T12:00:00Z")]
    [InlineData("2026-06-20T12:00:00.000000Z")]
    [InlineData("2026-06-20T12:00:00.0000009Z")] // cut to microseconds, as the database keeps it
    [InlineData("2026-06-20T20:00:00+08:00")]
    [InlineData("2026-06-20T17:45:00+05:45")]
    [InlineData("2026-06-20T08:00:00-04:00")]
    public void Every_spelling_of_the_same_instant_is_the_same_content(string occurredAt)
    {
        Assert.Equal(ContentHash.Of("ann", "ocr", 1, Money.Parse("1.50"), At), HashOf(occurredAt: occurredAt));
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("1.500")]
    [InlineData("01.50")]
    [InlineData("1.500000000")]
    public void Every_spelling_of_the_same_cost_is_the_same_content(string cost)
    {
        Assert.Equal(ContentHash.Of("ann", "ocr", 1, Money.Parse("1.50"), At), HashOf(cost: cost));
    }

    [Fact]
    public void A_contract_sent_by_a_typed_client_has_the_same_hash_as_plain_JSON()
    {
        var sent = new UsageOccurred { UsageId = Shop.NewId(), UserId = "ann", Service = "ocr", Quantity = 1, Cost = Money.Parse("1.5"), OccurredAt = At.ToOffset(TimeSpan.FromHours(8)) };

        Assert.Equal(HashOf(), HashOf(JsonSerializer.Serialize(sent, JsonSerializerOptions.Web)));
    }

    [Fact]
    public void Each_field_changes_the_hash()
    {
        long[] hashes =
        [
            ContentHash.Of("ann", "ocr", 1, Money.Parse("1.5"), At),
            ContentHash.Of("anN", "ocr", 1, Money.Parse("1.5"), At),
            ContentHash.Of("ann", "ocR", 1, Money.Parse("1.5"), At),
            ContentHash.Of("anno", "cr", 1, Money.Parse("1.5"), At), // the same letters, cut elsewhere
            ContentHash.Of("ann", "ocr", 2, Money.Parse("1.5"), At),
            ContentHash.Of("ann", "ocr", 1, Money.Parse("1.500000001"), At),
            ContentHash.Of("ann", "ocr", 1, Money.Zero, At),
            ContentHash.Of("ann", "ocr", 1, null, At), // absent is not zero
            ContentHash.Of("ann", "ocr", 1, Money.Parse("1.5"), At.AddMicroseconds(1)),
        ];

        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }

    [Fact]
    public void The_hash_is_what_the_databases_hold_and_never_changes_from_version_to_version()
    {
        Assert.Equal(KnownHash, ContentHash.Of("ann", "ocr", 1, Money.Parse("1.5"), At));
    }

    // SHA-256 over the bytes that ContentHash's summary lists, computed by other means.
    const long KnownHash = -8621109880452035274;

    static long HashOf(string occurredAt = "2026-06-20T12:00:00Z", string cost = "1.50") =>
        HashOf($$"""{"usageId":"019ee4af-ff80-7000-8000-000000000001","userId":"ann","service":"ocr","quantity":1,"cost":"{{cost}}","occurredAt":"{{occurredAt}}"}""");

    static long HashOf(string json)
    {
        var (usage, refusal) = UsageShape.Check(JsonSerializer.Deserialize<UsageFields>(json)!, Shop.Currency);
        Assert.Null(refusal);
        return usage!.ContentHash;
    }
}
