using System.Text;
using System.Text.Json;
using Billing.Service.Intake;
using Billing.Tests.Charging;

namespace Billing.Tests.Intake;

/// <summary>Every bad item ends as a rejection with a stable code, a readable reason and what was sent; reading it never throws.</summary>
public sealed class BadInputTests
{
    const string Good =
        """{"usageId":"019ee4af-ff80-7000-8000-000000000001","userId":"ann","service":"ocr","quantity":1,"occurredAt":"2026-06-20T12:00:00Z"}""";

    [Theory]
    [InlineData("usageId", null, ErrorCodes.InvalidUsageId)]
    [InlineData("usageId", "\"\"", ErrorCodes.InvalidUsageId)]
    [InlineData("usageId", "\"not a uuid\"", ErrorCodes.InvalidUsageId)]
    [InlineData("usageId", "\"00000000-0000-0000-0000-000000000000\"", ErrorCodes.InvalidUsageId)]
    [InlineData("usageId", "\"019ee4afff8070008000000000000001\"", ErrorCodes.InvalidUsageId)]
    [InlineData("usageId", "17", ErrorCodes.InvalidUsageId)]
    [InlineData("usageId", "null", ErrorCodes.InvalidUsageId)]
    [InlineData("usageId", "true", ErrorCodes.InvalidUsageId)]
    [InlineData("usageId", "{\"id\":1}", ErrorCodes.InvalidUsageId)]
    [InlineData("usageId", "\"\\ud800 half a surrogate pair, long enough\"", ErrorCodes.InvalidUsageId)]
    [InlineData("userId", null, ErrorCodes.InvalidUserId)]
    [InlineData("userId", "null", ErrorCodes.InvalidUserId)]
    [InlineData("userId", "\"\"", ErrorCodes.InvalidUserId)]
    [InlineData("userId", "\" ann\"", ErrorCodes.InvalidUserId)]
    [InlineData("userId", "\"ann;drop table account\"", ErrorCodes.InvalidUserId)]
    [InlineData("userId", "\"{ann}\"", ErrorCodes.InvalidUserId)]
    [InlineData("userId", "\"a\\u0000b\"", ErrorCodes.InvalidUserId)]
    [InlineData("userId", "\"\\ud83d\"", ErrorCodes.InvalidUserId)]
    [InlineData("userId", "\"\\ud83d\\ude00\"", ErrorCodes.InvalidUserId)]
    [InlineData("userId", "\"\u00e4nne\"", ErrorCodes.InvalidUserId)]
    [InlineData("userId", "42", ErrorCodes.InvalidUserId)]
    [InlineData("userId", "[\"ann\"]", ErrorCodes.InvalidUserId)]
    [InlineData("service", null, ErrorCodes.InvalidService)]
    [InlineData("service", "null", ErrorCodes.InvalidService)]
    [InlineData("service", "\"two words\"", ErrorCodes.InvalidService)]
    [InlineData("service", "{}", ErrorCodes.InvalidService)]
    [InlineData("service", "\"nothing\"", ErrorCodes.UnknownService)]
    [InlineData("quantity", null, ErrorCodes.InvalidQuantity)]
    [InlineData("quantity", "null", ErrorCodes.InvalidQuantity)]
    [InlineData("quantity", "0", ErrorCodes.InvalidQuantity)]
    [InlineData("quantity", "-1", ErrorCodes.InvalidQuantity)]
    [InlineData("quantity", "1000000001", ErrorCodes.InvalidQuantity)]
    [InlineData("quantity", "1.5", ErrorCodes.InvalidQuantity)]
    [InlineData("quantity", "1e30", ErrorCodes.InvalidQuantity)]
    [InlineData("quantity", "99999999999999999999", ErrorCodes.InvalidQuantity)]
    [InlineData("quantity", "\"1\"", ErrorCodes.InvalidQuantity)]
    [InlineData("quantity", "\"NaN\"", ErrorCodes.InvalidQuantity)]
    [InlineData("quantity", "false", ErrorCodes.InvalidQuantity)]
    [InlineData("quantity", "[1]", ErrorCodes.InvalidQuantity)]
    [InlineData("cost", "1.5", ErrorCodes.InvalidCost)]
    [InlineData("cost", "\"-0.01\"", ErrorCodes.InvalidCost)]
    [InlineData("cost", "\"1e3\"", ErrorCodes.InvalidCost)]
    [InlineData("cost", "\"NaN\"", ErrorCodes.InvalidCost)]
    [InlineData("cost", "\"0.0000000001\"", ErrorCodes.InvalidCost)]
    [InlineData("cost", "\"9223372036.854775808\"", ErrorCodes.InvalidCost)]
    [InlineData("cost", "\"\\ud800\"", ErrorCodes.InvalidCost)]
    [InlineData("cost", "{\"amount\":\"1\"}", ErrorCodes.InvalidCost)]
    [InlineData("cost", "\"0.01\"", ErrorCodes.CostNotAllowed)]
    [InlineData("currency", "\"EUR\"", ErrorCodes.CurrencyMismatch)]
    [InlineData("currency", "\"usd\"", ErrorCodes.CurrencyMismatch)]
    [InlineData("currency", "840", ErrorCodes.CurrencyMismatch)]
    [InlineData("occurredAt", null, ErrorCodes.InvalidOccurredAt)]
    [InlineData("occurredAt", "null", ErrorCodes.InvalidOccurredAt)]
    [InlineData("occurredAt", "\"2026-06-20T12:00:00\"", ErrorCodes.InvalidOccurredAt)]
    [InlineData("occurredAt", "\"2026-06-20\"", ErrorCodes.InvalidOccurredAt)]
    [InlineData("occurredAt", "\"yesterday-afternoon\"", ErrorCodes.InvalidOccurredAt)]
    [InlineData("occurredAt", "\"2026-06-31T12:00:00Z\"", ErrorCodes.InvalidOccurredAt)]
    [InlineData("occurredAt", "\"2026-06-20T12:00:00+99:00\"", ErrorCodes.InvalidOccurredAt)]
    [InlineData("occurredAt", "\"0001-01-01T00:00:00+14:00\"", ErrorCodes.InvalidOccurredAt)]
    [InlineData("occurredAt", "\"\\ud800-06-20T12:00:00Z\"", ErrorCodes.InvalidOccurredAt)]
    [InlineData("occurredAt", "1781956800", ErrorCodes.InvalidOccurredAt)]
    [InlineData("occurredAt", "\"9999-12-31T23:59:59.9999999Z\"", ErrorCodes.UsageInFuture)]
    [InlineData("occurredAt", "\"0001-01-01T00:00:00Z\"", ErrorCodes.UsageTooOld)]
    public void A_bad_field_is_a_rejection_with_its_code(string field, string? value, string code)
    {
        var usage = System.Text.Json.Nodes.JsonNode.Parse(Good)!.AsObject();
        usage.Remove(field);
        var others = usage.ToJsonString();
        var json = value is null ? others : $"{others[..^1]},\"{field}\":{value}}}";

        AssertRejected(Encoding.UTF8.GetBytes(json), code);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("[[[{\"usageId\":1}]]]")]
    [InlineData("\"text\"")]
    [InlineData("17")]
    [InlineData("1e999")]
    [InlineData("true")]
    [InlineData("{\"usage\":{\"usageId\":\"019ee4af-ff80-7000-8000-000000000001\"}}")]
    public void What_is_no_usage_at_all_is_a_rejection(string json) => AssertRejected(Encoding.UTF8.GetBytes(json), ErrorCodes.InvalidUsageId);

    [Fact]
    public void Ten_thousand_characters_in_any_field_are_a_rejection()
    {
        var text = new string('x', 10_000);
        AssertRejected(Encoding.UTF8.GetBytes(Good.Replace("\"ann\"", $"\"{text}\"")), ErrorCodes.InvalidUserId);
        AssertRejected(Encoding.UTF8.GetBytes(Good.Replace("019ee4af-ff80-7000-8000-000000000001", text)), ErrorCodes.InvalidUsageId);
        AssertRejected(Encoding.UTF8.GetBytes(Good.Replace("2026-06-20T12:00:00Z", text)), ErrorCodes.InvalidOccurredAt);
        AssertRejected(Encoding.UTF8.GetBytes(Good.Replace("\"quantity\":1", $"\"quantity\":{new string('9', 10_000)}")), ErrorCodes.InvalidQuantity);
    }

    [Fact]
    public void Bytes_that_are_no_Unicode_are_a_rejection()
    {
        foreach (var (field, code) in ((string, string)[])[("ann", ErrorCodes.InvalidUserId), ("ocr", ErrorCodes.InvalidService), ("019ee4af", ErrorCodes.InvalidUsageId), ("2026", ErrorCodes.InvalidOccurredAt)])
        {
            var json = Encoding.UTF8.GetBytes(Good);
            json[json.AsSpan().IndexOf(Encoding.UTF8.GetBytes(field))] = 0xFF;
            AssertRejected(json, code);
        }
    }

    [Theory]
    [InlineData("""{"USAGEID":"019ee4af-ff80-7000-8000-000000000001","UserId":"ann","SERVICE":"ocr","Quantity":1,"occurredat":"2026-06-20T12:00:00Z"}""")]
    [InlineData("""{"usageId":"019ee4af-ff80-7000-8000-000000000001","userId":"ann","service":"ocr","quantity":1,"occurredAt":"2026-06-20T12:00:00Z","price":"0","isAdmin":true,"nested":{"a":[{}]}}""")]
    [InlineData("""{"usageId":"019EE4AF-FF80-7000-8000-000000000001","userId":"ann","service":"ocr","quantity":1,"occurredAt":"2026-06-20T20:00:00+08:00","currency":"USD","cost":null}""")]
    [InlineData("""{"\ud800":1,"usageId":"019ee4af-ff80-7000-8000-000000000001","userId":"ann","service":"ocr","quantity":1,"occurredAt":"2026-06-20T12:00:00Z"}""")]
    public void Other_case_extra_fields_and_nulls_for_absent_ones_are_fine(string json)
    {
        var ledger = new PlainLedger { Now = Shop.Now.AddDays(0) };

        Assert.IsType<Charged>(ledger.Apply(UsageShape.ToOperation(Read(Encoding.UTF8.GetBytes(json)), Shop.Currency))[0]);
        Assert.Equal(Money.Parse("-0.01"), ledger.Balance());
    }

    [Fact]
    public void The_longest_user_id_that_is_allowed_is_charged()
    {
        var longest = new string('a', 128);
        var ledger = new PlainLedger();

        ledger.Apply(UsageShape.ToOperation(Read(Encoding.UTF8.GetBytes(Good.Replace("\"ann\"", $"\"{longest}\""))), Shop.Currency));

        Assert.Equal(Money.Parse("-0.01"), ledger.Balance(longest));
        AssertRejected(Encoding.UTF8.GetBytes(Good.Replace("\"ann\"", $"\"{longest}a\"")), ErrorCodes.InvalidUserId);
    }

    [Fact]
    public void Two_bad_items_that_differ_are_two_rejections_and_the_same_one_twice_is_one()
    {
        var one = Rejection("""{"usageId":"x","userId":"ann"}""");
        var other = Rejection("""{"usageId":"x","userId":"bob"}""");

        Assert.NotEqual(one.ContentHash, other.ContentHash);
        Assert.Equal(one, Rejection("""{"usageId":"x","userId":"ann"}"""));
    }

    static RejectedUsage Rejection(string json) => ((RecordRejection)UsageShape.ToOperation(Read(Encoding.UTF8.GetBytes(json)), Shop.Currency)).Rejected;

    static UsageFields Read(byte[] json) => JsonSerializer.Deserialize<UsageFields>(json)!;

    static void AssertRejected(byte[] json, string code)
    {
        var ledger = new PlainLedger();

        var outcome = ledger.Apply(UsageShape.ToOperation(Read(json), Shop.Currency))[0];

        Assert.Equal(code, Assert.IsType<Refused>(outcome).Code);
        Keepable.Check(Assert.Single(ledger.Rejections));
        Assert.Empty(ledger.Records);
    }
}
