using System.Text;
using System.Text.Json;
using Billing.Sagas.Doors;
using Billing.TestSupport.Fuzzing;

namespace Billing.Tests.Fuzzing;

/// <summary>What the payment service may say, mutilated: it is read as documented or found wrong with a reason, and reading never throws.</summary>
public sealed class NoticeFuzzTests
{
    static readonly string[] Documents =
    [
        """{"rechargeId":"0311a97c-459e-8e79-b5f4-d53c9841ac6b","paymentId":"p-1","amount":"10.00","currency":"USD","paidAt":"2026-11-22T14:20:00Z"}""",
        """{"rechargeId":"0311a97c-459e-8e79-b5f4-d53c9841ac6b","paymentId":"p-1","refundId":"r-1","amount":"4.00","currency":"USD","payUrl":"https://pay.example/1","reason":"card_declined"}""",
    ];

    static readonly int Count = Fuzz.Count / 5;

    [Fact]
    public void A_notification_that_is_taken_says_what_stands_in_it()
    {
        var random = new Random(Fuzz.Seed);
        int unreadable = 0, taken = 0, wrong = 0;
        for (var i = 0; i < Count; i++)
        {
            var document = Mutation.Of(Encoding.UTF8.GetBytes(Documents[random.Next(Documents.Length)]), random);
            var exception = Record.Exception(() =>
            {
                JsonElement body;
                try
                {
                    body = JsonSerializer.Deserialize<JsonElement>(document);
                }
                catch (JsonException)
                {
                    unreadable++;
                    return;
                }

                var (paid, problem) = PaymentNotices.Succeeded(body);
                foreach (var other in (string?[])[PaymentNotices.Created(body).Problem, PaymentNotices.Failed(body).Problem, PaymentNotices.Refunded(body).Problem, problem]) Assert.NotEqual("", other);
                if (problem is not null)
                {
                    wrong++;
                    return;
                }
                taken++;
                // Each of them stands in the body, letter by letter or escaped.
                Assert.True(paid!.Amount > Money.Zero && paid.RechargeId != Guid.Empty && paid.PaymentId.Length is >= 1 and <= 128 && paid.Currency.Length == 3, paid.ToString());
                var texts = body.EnumerateObject().Where(property => property.Value.ValueKind == JsonValueKind.String).Select(Text).ToHashSet();
                Assert.Contains(paid.PaymentId, texts);
                Assert.Contains(paid.Currency, texts);
                Assert.Contains(texts, text => Money.TryParse(text, out var amount) && amount == paid.Amount);
                Assert.Contains(texts, text => Guid.TryParse(text, out var id) && id == paid.RechargeId);
            });
            Assert.True(exception is null, $"Document {i}, {Fuzz.Again}: {Encoding.Latin1.GetString(document)}\n{exception}");
        }

        Assert.True(unreadable > Count / 50 && taken > Count / 50 && wrong > Count / 20, $"of {Count}: unreadable {unreadable}, taken {taken}, wrong {wrong}; {Fuzz.Again}");
    }

    static string? Text(JsonProperty property)
    {
        try
        {
            return property.Value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
