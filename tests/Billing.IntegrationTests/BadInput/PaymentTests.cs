using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Billing.TestSupport.Broker;
using Billing.TestSupport.Doors;
using RabbitMQ.Client;

namespace Billing.IntegrationTests.BadInput;

/// <summary>
/// What a payment service may say wrong. A body that is JSON and no notification is kept with the operators, or refused over HTTP; one that
/// is no JSON lies in the error queue. A valid one is never lost for what stands beside it.
/// </summary>
[Collection(ServersCollection.Name)]
public sealed class PaymentTests(EveryRequest running) : IClassFixture<EveryRequest>
{
    const string Recharge = "$id";

    static readonly Dictionary<string, string> Right = new()
    {
        ["created"] = """{"rechargeId":"$id","paymentId":"$pay","payUrl":"https://pay.example/1"}""",
        ["succeeded"] = """{"rechargeId":"$id","paymentId":"$pay","amount":"10.00","currency":"USD","paidAt":"2026-11-22T14:20:00Z"}""",
        ["failed"] = """{"rechargeId":"$id","paymentId":"$pay","reason":"card_declined"}""",
        ["refunded"] = """{"rechargeId":"$id","paymentId":"$pay","refundId":"r-1","amount":"4.00","currency":"USD"}""",
    };

    public static TheoryData<string> Notices => [.. Right.Keys];

    [Theory]
    [MemberData(nameof(Notices))]
    public async Task A_body_that_is_no_JSON_lies_in_the_error_queue_or_is_answered(string notice)
    {
        var queue = $"billing-payment-{notice}_error";
        var before = await running.Broker.Ready(queue);
        await using var sender = await Publisher.Connect(running.Broker.AsPaymentService);

        foreach (var (name, body) in BadBodies.Unreadable)
        {
            await sender.PublishTo(Exchange(notice), "", body);
            var (status, code) = await Post(notice, body);
            Assert.True((400, ErrorCodes.InvalidRequest) == (status, code), $"{name}: {status} {code}");
        }

        await Eventually.That(() => running.Broker.Ready(queue), kept => kept == before + BadBodies.Unreadable.Count, $"all {BadBodies.Unreadable.Count} lie in {queue}");
    }

    [Theory]
    [MemberData(nameof(Notices))]
    public async Task A_field_of_any_other_kind_is_kept_with_the_operators_or_refused_and_credits_nothing(string notice)
    {
        await using var sender = await Publisher.Connect(running.Broker.AsPaymentService);
        var before = running.Received.Settled;
        var told = 0;
        var entries = await running.Count("select count(*) from ledger_entry");
        var aside = await Aside();
        foreach (var field in JsonNode.Parse(Right[notice])!.AsObject().Select(field => field.Key))
        {
            foreach (var value in BadValues.Json)
            {
                var body = Filled(Right[notice], field, value);
                await sender.PublishTo(Exchange(notice), "", Encoding.UTF8.GetBytes(body));
                told++;
                var (status, code) = await Post(notice, Encoding.UTF8.GetBytes(body));
                Assert.True(status == 202 || (status, code) == (400, ErrorCodes.InvalidRequest), $"{field} = {value}: {status} {code}");
                // What HTTP refuses the broker keeps: the one sender is told, the other is not.
                if (status == 400) await Eventually.That(() => running.Count("select count(*) from recharges.unmatched_payments where reason = 'invalid_notification' and body = $1", body), kept => kept == 1, $"{field} = {value} is kept");
            }
        }

        await Eventually.That(() => Task.FromResult(running.Received.Settled - before), settled => settled >= told, $"{told} notifications are settled");
        Assert.Equal(aside, await Aside());
        Assert.Equal(entries, await running.Count("select count(*) from ledger_entry"));
        await running.NewAuditor().Check();

        async Task<(long, long, long)> Aside() =>
            (await running.Broker.Ready($"billing-payment-{notice}_error"), await running.Broker.Ready($"billing-payment-{notice}_skipped"), await running.Broker.Ready("billing-recharges_error"));
    }

    [Theory]
    [InlineData("a field in another encoding", ",\"payer\":\"J\u00fcrgen\"")]
    [InlineData("half a surrogate pair in another field", ",\"payer\":\"\\ud83d\"")]
    [InlineData("half a surrogate pair as a name", ",\"\\ud83d\":1")]
    [InlineData("fields that mean nothing here", ",\"userId\":\"mallory\",\"isAdmin\":true,\"state\":\"completed\",\"nested\":{\"a\":[{}]}")]
    [InlineData("the same field twice", ",\"amount\":\"7.00\"")]
    public async Task A_payment_is_credited_whatever_stands_beside_what_counts(string name, string more)
    {
        await using var sender = await Publisher.Connect(running.Broker.AsPaymentService);
        foreach (var overHttp in (bool[])[false, true])
        {
            var order = RequestDoors.Named("StartRecharge").Of(Ids.User("beside"));
            using var content = new StringContent(order.HttpBody!.Replace("10.00", "7.00", StringComparison.Ordinal), Encoding.UTF8, "application/json");
            using var ordered = await running.Service.Http.PostAsync(order.Path, content);
            var id = JsonElement.Parse(await ordered.Content.ReadAsStringAsync()).GetProperty("rechargeId").GetGuid();
            // The payment service hears of an order only once it is there.
            await Eventually.That(() => running.Count("select count(*) from recharges.recharge where recharge_id = $1", id), known => known == 1, "the recharge is there");
            var amount = name == "the same field twice" ? "9.00" : "7.00";
            // In Latin-1, as a payment service may quote a name that it has from elsewhere.
            var body = Encoding.Latin1.GetBytes($$"""{"rechargeId":"{{id}}","paymentId":"p-{{id:N}}","amount":"{{amount}}","currency":"USD"{{more}}}""");

            if (overHttp) Assert.Equal(202, (await Post("succeeded", body)).Status);
            else await sender.Channel.BasicPublishAsync(Exchange("succeeded"), "", mandatory: true, new BasicProperties { ContentType = "application/json", MessageId = Ids.WithTime().ToString() }, body);

            await Eventually.That(() => running.Count("select coalesce(sum(amount_nanos), 0) from ledger_entry where recharge_id = $1", id), credited => credited == 7_000_000_000, $"it is credited, {name}");
        }
    }

    [Fact]
    public async Task Two_orders_under_one_message_id_are_two_orders()
    {
        var (first, second, messageId) = (RequestDoors.Named("StartRecharge").Of(Ids.User("twins")), RequestDoors.Named("StartRecharge").Of(Ids.User("twins")), Ids.WithTime());

        var answers = await Task.WhenAll(running.As("web").AskInEnvelope("StartRecharge", first.Body, messageId), running.As("web").AskInEnvelope("StartRecharge", second.Body, messageId));

        Assert.Equal(2, answers.Select(answer => answer.GetProperty("rechargeId").GetGuid()).Distinct().Count());
        Assert.All(answers, answer => Assert.Equal(RechargeStates.Pending, answer.GetProperty("state").GetString()));
    }

    async Task<(int Status, string? Code)> Post(string notice, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        using var answer = await running.Service.Http.PostAsync($"/v1/payments/{notice}", content);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.StartsWith('{') ? (string?)JsonNode.Parse(text)!["code"] : null);
    }

    static string Exchange(string notice) => $"Billing.Contracts:Payment{char.ToUpperInvariant(notice[0])}{notice[1..]}";

    static string Filled(string right, string field, string value)
    {
        var others = JsonNode.Parse(right)!.AsObject();
        others.Remove(field);
        var json = others.ToJsonString().Replace(Recharge, Ids.WithTime().ToString()).Replace("$pay", $"p-{Ids.WithoutTime():N}");
        return $"{json[..^1]},\"{field}\":{value}}}";
    }
}
