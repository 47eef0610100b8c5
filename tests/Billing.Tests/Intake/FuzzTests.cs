using System.Text;
using System.Text.Json;
using Billing.Service.Http;
using Billing.Service.Intake;
using Billing.Tests.Charging;

namespace Billing.Tests.Intake;

public sealed class FuzzTests
{
    const int Documents = 20_000;

    static readonly string[] Seeds =
    [
        """{"usageId":"019ee4af-ff80-7000-8000-000000000001","userId":"ann","service":"ocr","quantity":1,"occurredAt":"2026-06-20T12:00:00Z"}""",
        """{"usageId":"4f1f4f66-2a34-4c7e-9a52-9f1b8b9f7a11","userId":"bob","service":"llm","quantity":1000,"cost":"0.25","currency":"USD","occurredAt":"2026-06-20T20:00:00.123456+08:00"}""",
        """{"usageId":"019ee4af-ff80-7000-8000-000000000002","userId":"cy","service":"agent","quantity":11,"cost":"9223372036.854775807","occurredAt":"2026-06-20T12:00:00Z","deadline":"2026-06-20T12:00:05Z"}""",
    ];

    static readonly string[] Scraps =
    [
        "null", "true", "-1", "0", "1.5", "1e30", "1e999", "99999999999999999999", "\"\"", "\"NaN\"", "{}", "[]", "[[]]", "\"\\u0000\"", "\"\\ud800\"", "\"\\ud83d\\ude00\"",
        "\"9999-12-31T23:59:59Z\"", "\"2026-06-20T12:00:00\"", "\"9223372036.854775807\"", "\"-0\"", "\\", "\"", ",", ":", "{", "}", "\"quantity\":", "\"usageId\":", "\"\\ud800\":", "\ufffd", "\uffff",
    ];

    [Fact]
    public void Twenty_thousand_mutilated_documents_are_charged_or_rejected_and_never_throw()
    {
        var random = new Random(20_261_122);
        var rules = Shop.Rules();
        int unreadable = 0, charged = 0, refused = 0;
        for (var i = 0; i < Documents; i++)
        {
            var document = Mutilated(Encoding.UTF8.GetBytes(Seeds[random.Next(Seeds.Length)]), random);
            UsageFields fields;
            try
            {
                fields = JsonSerializer.Deserialize<UsageFields>(document) ?? new UsageFields { Raw = "null" };
            }
            catch (JsonException)
            {
                unreadable++;
                continue;
            }

            var text = Convert.ToBase64String(document);
            var exception = Record.Exception(() =>
            {
                var ledger = new PlainLedger(rules);
                var operation = UsageShape.ToOperation(fields, Shop.Currency);
                var outcome = ledger.Apply(operation)[0];
                if (outcome is Charged) charged++;
                else Assert.True(ErrorTable.Rows.ContainsKey(Assert.IsType<Refused>(outcome).Code));
                if (outcome is Refused) refused++;
                Assert.All(ledger.Rejections, Keepable.Check);
            });
            Assert.True(exception is null, $"Document {i} ({text}): {exception}");
        }

        // The fuzz is worth its name only while all three happen often.
        Assert.True(unreadable > 500 && charged > 500 && refused > 1_000, $"unreadable {unreadable}, charged {charged}, refused {refused}");
    }

    static byte[] Mutilated(byte[] document, Random random)
    {
        for (var cuts = random.Next(1, 3); cuts > 0; cuts--)
        {
            var at = random.Next(document.Length);
            document = random.Next(40) switch
            {
                0 => Replace(document, at, 1, [(byte)random.Next(256)]),
                1 => Replace(document, at, random.Next(1, 8), []),
                2 => Replace(document, at, 0, Encoding.UTF8.GetBytes(Scraps[random.Next(Scraps.Length)])),
                3 => Replace(document, at, 1, [(byte)(document[at] ^ (1 << random.Next(8)))]),
                < 22 => ReplaceValue(document, at, Encoding.UTF8.GetBytes(Scraps[random.Next(Scraps.Length)])),
                _ => ReplaceValue(document, at, Encoding.UTF8.GetBytes($"\"{(char)random.Next(0x30, 0x5B)}{new string('y', random.Next(200))}\"")),
            };
            if (document.Length == 0) return "{}"u8.ToArray();
        }
        return document;
    }

    /// <summary>Puts something else in place of the value that follows the next colon.</summary>
    static byte[] ReplaceValue(byte[] document, int at, byte[] value)
    {
        var colon = Array.IndexOf(document, (byte)':', at);
        if (colon < 0) return document;
        var end = Array.IndexOf(document, (byte)',', colon);
        if (end < 0) end = document.Length - 1;
        return end <= colon ? document : Replace(document, colon + 1, end - colon - 1, value);
    }

    static byte[] Replace(byte[] document, int at, int count, byte[] with) => [.. document[..at], .. with, .. document[Math.Min(document.Length, at + count)..]];
}
