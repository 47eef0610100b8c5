using System.Text;
using System.Text.Json;
using Billing.Service.Intake;
using Billing.Tests.Charging;
using Billing.Tests.Intake;
using Billing.TestSupport.Fuzzing;

namespace Billing.Tests.Fuzzing;

/// <summary>
/// The code that every door for usage reads and decides with, against an independent model: what is charged, and what it costs, is just
/// what the documentation says; everything else is a rejection with a known code that can be kept, or no JSON.
/// </summary>
public sealed class UsageFuzzTests
{
    static readonly string[] Documents =
    [
        """{"usageId":"019ee4af-ff80-7000-8000-000000000001","userId":"ann","service":"ocr","quantity":1,"occurredAt":"2026-06-20T12:00:00Z"}""",
        """{"usageId":"4f1f4f66-2a34-4c7e-9a52-9f1b8b9f7a11","userId":"bob","service":"llm","quantity":1000,"cost":"0.25","currency":"USD","occurredAt":"2026-06-20T20:00:00.123456+08:00"}""",
        """{"usageId":"019ee4af-ff80-7000-8000-000000000002","userId":"cy","service":"token","quantity":11,"occurredAt":"2026-06-20T12:00:00Z","reservationId":"019ee4af-ff80-7000-8000-000000000009"}""",
        """{"usageId":"019ee4af-ff80-7000-8000-000000000003","userId":"dan","service":"dear","quantity":1,"price":"0","occurredAt":"2026-06-19T12:00:00Z"}""",
    ];

    static readonly int Count = Fuzz.Count * 7 / 10;

    [Fact]
    public void What_is_charged_is_what_an_independent_reader_would_charge()
    {
        var random = new Random(Fuzz.Seed);
        int unreadable = 0, charged = 0, refused = 0;
        for (var i = 0; i < Count; i++)
        {
            var document = Mutation.Of(Encoding.UTF8.GetBytes(Documents[random.Next(Documents.Length)]), random);
            var exception = Record.Exception(() =>
            {
                var (isJson, usage) = ReadUsage.From(document, Shop.Currency);
                UsageFields fields;
                try
                {
                    fields = JsonSerializer.Deserialize<UsageFields>(document) ?? new UsageFields { Raw = "null" };
                }
                catch (JsonException)
                {
                    Assert.False(isJson, "the door cannot read it, and it is JSON");
                    unreadable++;
                    return;
                }

                Assert.True(isJson, "the door reads what is no JSON");
                var ledger = new PlainLedger();
                var outcome = ledger.Apply(UsageShape.ToOperation(fields, Shop.Currency))[0];
                Assert.Equal(usage is null ? null : Cost(usage), outcome is Charged done ? done.Record.Amount.ToDecimal() : null);
                if (outcome is Charged only) Assert.Equal((usage!.UsageId, usage.Quantity), (only.Record.UsageId, only.Record.FreeUnits + only.Record.PaidUnits));
                else Assert.True(ErrorTable.Rows.ContainsKey(Assert.IsType<Refused>(outcome).Code));
                Assert.All(ledger.Rejections, Keepable.Check);
                Assert.Equal(outcome is Charged ? (1, 0) : (0, 1), (ledger.Records.Count, ledger.Rejections.Count));
                if (outcome is Charged) charged++;
                else refused++;
            });
            Assert.True(exception is null, $"Document {i}, {Fuzz.Again}: {Encoding.Latin1.GetString(document)}\n{exception}");
        }

        // The fuzz is worth its name only while all three happen often.
        Assert.True(unreadable > Count / 50 && charged > Count / 50 && refused > Count / 20, $"of {Count}: unreadable {unreadable}, charged {charged}, refused {refused}; {Fuzz.Again}");
    }

    /// <summary>What the usage costs somebody who has nothing yet; null when it is not charged.</summary>
    static decimal? Cost(ReadUsage usage)
    {
        if (!usage.IsInTime(Shop.Now)) return null;
        var cost = usage switch
        {
            { Service: Shop.Ocr, Cost: null } => usage.Quantity * 0.01m,
            { Service: Shop.Token, Cost: null } => usage.Quantity * 0.00015m,
            { Service: Shop.Dear, Cost: null } => usage.Quantity * 9_000_000_000m,
            { Service: Shop.Llm, Cost: { } named } => named,
            { Service: Shop.Call, Cost: null } => Math.Max(0, usage.Quantity - 10) * 0.01m,
            { Service: Shop.Agent, Cost: { } named } => Math.Round(named * Math.Max(0, usage.Quantity - 10) / usage.Quantity, 9, MidpointRounding.AwayFromZero),
            _ => (decimal?)null,
        };
        return cost > 9_223_372_036.854775807m ? null : cost;
    }
}
