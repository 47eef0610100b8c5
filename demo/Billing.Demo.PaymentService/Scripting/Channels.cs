using System.Buffers.Binary;
using System.Globalization;

namespace Billing.Demo.Payments.Scripting;

/// <summary>The words after the colon of a channel, such as <c>card:lose</c>, and what goes wrong then.</summary>
public static class Channels
{
    public const string WellBehaved = "";
    public const string Duplicate = "duplicate";
    public const string Delay = "delay-5s";
    public const string Reorder = "reorder";
    public const string Lose = "lose";
    public const string Fail = "fail";
    public const string FailThenPay = "fail-then-pay";
    public const string PayThenFail = "pay-then-fail";
    public const string MismatchAmount = "mismatch-amount";
    public const string MismatchCurrency = "mismatch-currency";
    public const string OtherPaymentId = "other-payment-id";
    public const string Twice = "twice";
    public const string Refund = "refund";
    public const string RefundPart = "refund-part";
    public const string RefundTwice = "refund-twice";
    public const string RefundTooMuch = "refund-too-much";
    public const string Expire = "expire";
    public const string ExpireThenPay = "expire-then-pay";
    public const string UnknownRecharge = "unknown-recharge";

    /// <summary>Every misbehaviour; of <see cref="Delay"/> any whole number of seconds is understood.</summary>
    public static IReadOnlyList<string> Misbehaviours { get; } =
    [
        Duplicate, Delay, Reorder, Lose, Fail, FailThenPay, PayThenFail, MismatchAmount, MismatchCurrency, OtherPaymentId, Twice,
        Refund, RefundPart, RefundTwice, RefundTooMuch, Expire, ExpireThenPay, UnknownRecharge,
    ];

    /// <summary>What the channel asks for, or chance by the seed; the same order has the same fate in every run.</summary>
    public static string MisbehaviourOf(PaymentOrder order, int seed, double misbehavingShare)
    {
        var word = order.Channel[(order.Channel.LastIndexOf(':') + 1)..];
        if (Misbehaviours.Contains(word) || SecondsOfDelay(word) is not null) return word;
        var random = new Random(seed ^ BinaryPrimitives.ReadInt32LittleEndian(order.RechargeId.ToByteArray()));
        return random.NextDouble() < misbehavingShare ? Misbehaviours[random.Next(Misbehaviours.Count)] : WellBehaved;
    }

    /// <summary>Null when the word is no delay.</summary>
    public static int? SecondsOfDelay(string word) =>
        word.StartsWith("delay-", StringComparison.Ordinal) && word.EndsWith('s')
            && int.TryParse(word["delay-".Length..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : null;
}
