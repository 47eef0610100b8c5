using System.Security.Cryptography;

namespace Billing.Demo.Payments.Scripting;

/// <summary>What becomes of a payment, from its order to its end. The same order, id and time have the same script, also after a restart.</summary>
public static class Script
{
    static readonly TimeSpan AfterExpiry = TimeSpan.FromSeconds(3);

    /// <param name="payAfter">So long does every step take that nothing else is said of.</param>
    public static IReadOnlyList<Act> Of(string misbehaviour, PaymentOrder order, string paymentId, DateTimeOffset takenAt, TimeSpan payAfter)
    {
        var (now, soon, then) = (takenAt, takenAt + payAfter, takenAt + 2 * payAfter);
        var amount = Amount.Of(order.Amount);
        var part = Math.Max(0.01m, Math.Round(amount / 4, 2, MidpointRounding.ToZero));

        return misbehaviour switch
        {
            Channels.Duplicate => [Created(now), Paid(soon) with { Told = 3 }],
            Channels.Reorder => [Paid(soon), Created(soon)],
            Channels.Lose => [Created(now), Paid(soon) with { Told = 0 }],
            Channels.Fail => [Created(now), Failed(soon)],
            Channels.FailThenPay => [Created(now), Failed(soon), Paid(then)],
            Channels.PayThenFail => [Created(now), Paid(soon), Failed(then)],
            Channels.MismatchAmount => [Created(now), Received(soon, paymentId, amount + 0.01m, order.Currency)],
            Channels.MismatchCurrency => [Created(now), Received(soon, paymentId, amount, order.Currency == "EUR" ? "USD" : "EUR")],
            Channels.OtherPaymentId => [Created(now), Received(soon, $"{paymentId}-2", amount, order.Currency)],
            Channels.Twice => [Created(now), Paid(soon), Received(then, $"{paymentId}-2", amount, order.Currency)],
            Channels.Refund => [Created(now), Paid(soon), GivenBack(then, amount)],
            Channels.RefundPart => [Created(now), Paid(soon), GivenBack(then, part)],
            Channels.RefundTwice => [Created(now), Paid(soon), GivenBack(then, part) with { Told = 2 }],
            Channels.RefundTooMuch => [Created(now), Paid(soon), GivenBack(then, amount + 1)],
            Channels.Expire => [Created(now)],
            Channels.ExpireThenPay => [Created(now), Paid(order.ExpiresAt + AfterExpiry)],
            Channels.UnknownRecharge => [Created(now), Paid(soon), Stray(then)],
            _ when Channels.SecondsOfDelay(misbehaviour) is { } seconds => [Created(now), Paid(now + TimeSpan.FromSeconds(seconds))],
            _ => [Created(now), Paid(soon)],
        };

        Notice Of(NoticeKind kind) => new() { Kind = kind, RechargeId = order.RechargeId, PaymentId = paymentId };

        Act Created(DateTimeOffset at) => new(at, Of(NoticeKind.Created) with { PayUrl = $"https://pay.example/{paymentId}" });

        Act Paid(DateTimeOffset at) => Received(at, paymentId, amount, order.Currency);

        Act Received(DateTimeOffset at, string by, decimal received, string currency) =>
            new(at, Of(NoticeKind.Succeeded) with { PaymentId = by, Amount = Amount.Text(received), Currency = currency, PaidAt = at });

        Act Failed(DateTimeOffset at) => new(at, Of(NoticeKind.Failed) with { Reason = "card_declined" });

        Act GivenBack(DateTimeOffset at, decimal back) =>
            new(at, Of(NoticeKind.Refunded) with { RefundId = $"refund-of-{paymentId}", Amount = Amount.Text(back), Currency = order.Currency });

        // A payment for a recharge that nobody ordered.
        Act Stray(DateTimeOffset at)
        {
            var stray = Received(at, $"{paymentId}-stray", amount, order.Currency);
            return stray with { What = stray.What with { RechargeId = NobodysRecharge(order.RechargeId) } };
        }
    }

    static Guid NobodysRecharge(Guid rechargeId) => new(SHA256.HashData(rechargeId.ToByteArray()).AsSpan(0, 16));
}
