using System.Text;
using Billing.Demo.Payments;
using Billing.Demo.Payments.Scripting;
using Billing.TestSupport;

namespace Billing.Tests.Demo;

/// <summary>What the demo's payment service tells, channel by channel. A user takes a second to pay; the recharge expires after ten.</summary>
public sealed class ScriptTests
{
    const string Id = "pay-1";
    static readonly DateTimeOffset Taken = new(2026, 6, 20, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("card", "0s created", "1s succeeded pay-1 10.00 USD")]
    [InlineData("wallet:visa", "0s created", "1s succeeded pay-1 10.00 USD")]
    [InlineData("card:duplicate", "0s created", "1s 3x succeeded pay-1 10.00 USD")]
    [InlineData("card:delay-5s", "0s created", "5s succeeded pay-1 10.00 USD")]
    [InlineData("card:delay-20s", "0s created", "20s succeeded pay-1 10.00 USD")]
    [InlineData("card:reorder", "1s succeeded pay-1 10.00 USD", "1s created")]
    [InlineData("card:lose", "0s created", "1s 0x succeeded pay-1 10.00 USD")]
    [InlineData("card:fail", "0s created", "1s failed card_declined")]
    [InlineData("card:fail-then-pay", "0s created", "1s failed card_declined", "2s succeeded pay-1 10.00 USD")]
    [InlineData("card:pay-then-fail", "0s created", "1s succeeded pay-1 10.00 USD", "2s failed card_declined")]
    [InlineData("card:mismatch-amount", "0s created", "1s succeeded pay-1 10.01 USD")]
    [InlineData("card:mismatch-currency", "0s created", "1s succeeded pay-1 10.00 EUR")]
    [InlineData("card:other-payment-id", "0s created", "1s succeeded pay-1-2 10.00 USD")]
    [InlineData("card:twice", "0s created", "1s succeeded pay-1 10.00 USD", "2s succeeded pay-1-2 10.00 USD")]
    [InlineData("card:refund", "0s created", "1s succeeded pay-1 10.00 USD", "2s refunded refund-of-pay-1 10.00 USD")]
    [InlineData("card:refund-part", "0s created", "1s succeeded pay-1 10.00 USD", "2s refunded refund-of-pay-1 2.50 USD")]
    [InlineData("card:refund-twice", "0s created", "1s succeeded pay-1 10.00 USD", "2s 2x refunded refund-of-pay-1 2.50 USD")]
    [InlineData("card:refund-too-much", "0s created", "1s succeeded pay-1 10.00 USD", "2s refunded refund-of-pay-1 11.00 USD")]
    [InlineData("card:expire", "0s created")]
    [InlineData("card:expire-then-pay", "0s created", "13s succeeded pay-1 10.00 USD")]
    [InlineData("card:unknown-recharge", "0s created", "1s succeeded pay-1 10.00 USD", "2s succeeded pay-1-stray 10.00 USD of another recharge")]
    public void A_channel_says_what_happens_when(string channel, params string[] expected) => Assert.Equal(expected, Told(Order(channel)));

    [Fact]
    public void Every_misbehaviour_is_a_channel_of_its_own()
    {
        var scripts = Channels.Misbehaviours.Select(word => string.Join(", ", Told(Order($"card:{word}")))).ToList();

        Assert.DoesNotContain(string.Join(", ", Told(Order("card"))), scripts);
        Assert.Equal(scripts.Count, scripts.Distinct().Count());
    }

    [Fact]
    public void The_bodies_are_those_of_the_documentation() => Assert.Equal(
    [
        """{"rechargeId":"0311a97c-459e-8e79-b5f4-d53c9841ac6b","paymentId":"pay-1","payUrl":"https://pay.example/pay-1"}""",
        """{"rechargeId":"0311a97c-459e-8e79-b5f4-d53c9841ac6b","paymentId":"pay-1","amount":"10.00","currency":"USD","paidAt":"2026-06-20T12:00:01+00:00"}""",
        """{"rechargeId":"0311a97c-459e-8e79-b5f4-d53c9841ac6b","paymentId":"pay-1","refundId":"refund-of-pay-1","amount":"10.00","currency":"USD"}""",
    ], Script.Of(Channels.Refund, Order("card") with { RechargeId = new Guid("0311a97c-459e-8e79-b5f4-d53c9841ac6b") }, Id, Taken, TimeSpan.FromSeconds(1))
        .Select(act => Encoding.UTF8.GetString(act.What.Body())));

    [Fact]
    public void Chance_decides_by_seed_and_recharge_alone_and_never_against_the_channel()
    {
        var orders = Enumerable.Range(0, 200).Select(_ => Order("card")).ToList();
        var drawn = orders.Select(order => Channels.MisbehaviourOf(order, seed: 7, misbehavingShare: 0.5)).ToList();

        Assert.Equal(drawn, orders.Select(order => Channels.MisbehaviourOf(order, seed: 7, misbehavingShare: 0.5)));
        Assert.InRange(drawn.Count(word => word == Channels.WellBehaved), 60, 140);
        Assert.All(orders, order => Assert.Equal(Channels.Fail, Channels.MisbehaviourOf(order with { Channel = "card:fail" }, seed: 7, misbehavingShare: 1)));
    }

    static string[] Told(PaymentOrder order) =>
        [.. Script.Of(Channels.MisbehaviourOf(order, seed: 42, misbehavingShare: 0), order, Id, Taken, TimeSpan.FromSeconds(1)).Select(act => Words(act, order))];

    static string Words(Act act, PaymentOrder order)
    {
        var (notice, money) = (act.What, act.What.Amount is null ? "" : $" {act.What.Amount} {act.What.Currency}");
        var what = notice.Kind switch
        {
            NoticeKind.Created => notice is { PaymentId: Id, PayUrl: "https://pay.example/pay-1" } ? "created" : "created wrongly",
            NoticeKind.Failed => $"failed {notice.Reason}",
            NoticeKind.Refunded => $"refunded {notice.RefundId}{money}",
            _ => $"succeeded {notice.PaymentId}{money}",
        };
        return $"{(act.At - Taken).TotalSeconds}s {(act.Told == 1 ? "" : $"{act.Told}x ")}{what}{(notice.RechargeId == order.RechargeId ? "" : " of another recharge")}";
    }

    static PaymentOrder Order(string channel) => new()
    {
        RechargeId = Ids.WithoutTime(),
        UserId = "ann",
        Amount = "10.00",
        Currency = "USD",
        Channel = channel,
        ExpiresAt = Taken + TimeSpan.FromSeconds(10),
    };
}
