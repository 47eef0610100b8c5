namespace Billing.IntegrationTests.Attacks;

/// <summary>What is told of an order, and what must come of it.</summary>
/// <param name="Name">As docs/attacks.md lists it.</param>
/// <param name="State">Where the recharge ends.</param>
sealed record PaymentAttack(string Name, Func<Order, Task> Happens, string State, string Credited = "0.00", string Refunded = "0.00", params string[] Unmatched);

/// <summary>Everything that a payment service, a forger or a bad day may tell of one order.</summary>
static class PaymentAttacks
{
    const string Whole = Order.Amount;

    public static IReadOnlyList<PaymentAttack> All { get; } =
    [
        new("paid as ordered", order => order.Paid(), RechargeStates.Completed, Whole),
        new("the same payment twice", order => Twice(() => order.Paid()), RechargeStates.Completed, Whole),
        new("the same payment a hundred times at once", order => Task.WhenAll(Enumerable.Range(0, 100).Select(_ => order.Paid())), RechargeStates.Completed, Whole),
        new("three of the same payment within a millisecond", order => Task.WhenAll(order.Paid(), order.Paid(), order.Paid()), RechargeStates.Completed, Whole),
        new("again after the credit", async order =>
        {
            await order.Paid();
            await order.Eventually(RechargeStates.Completed);
            await order.Paid();
        }, RechargeStates.Completed, Whole),

        new("more than was ordered", order => order.Paid("10.01"), RechargeStates.NeedsReview),
        new("a thousand times what was ordered", order => order.Paid("10000.00"), RechargeStates.NeedsReview),
        new("less than was ordered", order => order.Paid("9.99"), RechargeStates.NeedsReview),
        new("a tenth of a cent more", order => order.Paid("10.001"), RechargeStates.NeedsReview),
        new("one nano", order => order.Paid("0.000000001"), RechargeStates.NeedsReview),
        new("the same number in another currency", order => order.Paid(currency: "JPY"), RechargeStates.NeedsReview),
        new("another amount, then the right one of the same payment", async order =>
        {
            await order.Paid("0.01");
            await order.Eventually(RechargeStates.NeedsReview);
            await order.Paid();
        }, RechargeStates.NeedsReview, Unmatched: [RechargeReasons.AmountMismatch]),
        new("credited, then another amount of the same payment", async order =>
        {
            await order.Paid();
            await order.Eventually(RechargeStates.Completed);
            await order.Paid("99.00");
        }, RechargeStates.Completed, Whole, Unmatched: [RechargeReasons.AmountMismatch]),

        new("another provider's payment", order => order.Paid(payment: $"forged-{Ids.WithoutTime():N}"), RechargeStates.NeedsReview),
        new("two payments for one order", async order =>
        {
            await order.Paid();
            await order.Eventually(RechargeStates.Completed);
            await order.Paid(payment: $"second-{Ids.WithoutTime():N}");
        }, RechargeStates.Completed, Whole, Unmatched: [RechargeReasons.SecondPayment]),
        new("after an operator closed it", async order =>
        {
            await order.Paid("1.00");
            await order.Eventually(RechargeStates.NeedsReview);
            await order.Resolved(credit: null);
            await order.Eventually(RechargeStates.Closed);
            await order.Paid(payment: $"late-{Ids.WithoutTime():N}");
        }, RechargeStates.Closed, Unmatched: [RechargeReasons.RechargeClosed]),

        new("paid after it failed", async order =>
        {
            await order.Failed();
            await order.Eventually(RechargeStates.Failed);
            await order.Paid();
        }, RechargeStates.Completed, Whole),
        new("failed after it was paid", async order =>
        {
            await order.Paid();
            await order.Eventually(RechargeStates.Completed);
            await order.Failed();
        }, RechargeStates.Completed, Whole),
        new("paid and failed at once", order => Task.WhenAll(order.Failed(), order.Paid()), RechargeStates.Completed, Whole),

        new("refunded in part", async order =>
        {
            await Credited(order);
            await order.Refunded("4.00");
        }, RechargeStates.Completed, Whole, "4.00"),
        new("the same refund ten times at once", async order =>
        {
            await Credited(order);
            await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => order.Refunded("4.00")));
        }, RechargeStates.Completed, Whole, "4.00"),
        new("refunded more than was paid", async order =>
        {
            await Credited(order);
            await order.Refunded("10.01");
        }, RechargeStates.Completed, Whole, Unmatched: [RechargeReasons.RefundExceedsCredit]),
        new("refunds that add up to more than was paid", async order =>
        {
            await Credited(order);
            await order.Refunded("6.00");
            await TestSupport.Eventually.That(async () => (await order.Eventually(RechargeStates.Completed)).GetProperty("refunded").GetString(), refunded => refunded == "6.00", "the first refund is taken back");
            await order.Refunded("6.00", "refund-2");
        }, RechargeStates.Completed, Whole, "6.00", RechargeReasons.RefundExceedsCredit),
        new("the same refund of another amount", async order =>
        {
            await Credited(order);
            await order.Refunded("1.00");
            await TestSupport.Eventually.That(async () => (await order.Eventually(RechargeStates.Completed)).GetProperty("refunded").GetString(), refunded => refunded == "1.00", "the first refund is taken back");
            await order.Refunded("9.00");
        }, RechargeStates.Completed, Whole, "1.00", RechargeReasons.RefundIdReused),
        new("refunded in another currency", async order =>
        {
            await Credited(order);
            await order.Refunded("4.00", currency: "EUR");
        }, RechargeStates.Completed, Whole, Unmatched: [RechargeReasons.CurrencyMismatch]),
        new("a refund of another payment", async order =>
        {
            await Credited(order);
            await order.Refunded("4.00", payment: $"other-{Ids.WithoutTime():N}");
        }, RechargeStates.Completed, Whole, Unmatched: [RechargeReasons.PaymentIdMismatch]),
        new("refunded before it was paid", async order =>
        {
            await order.Refunded("10.00");
            await order.Paid();
        }, RechargeStates.Completed, Whole, Whole),
        new("refunded and never paid", order => order.Refunded("10.00"), RechargeStates.AwaitingPayment),
        new("paid once more after it was refunded", async order =>
        {
            await Credited(order);
            await order.Refunded("10.00");
            await TestSupport.Eventually.That(async () => (await order.Eventually(RechargeStates.Completed)).GetProperty("refunded").GetString(), refunded => refunded == "10.00", "the refund is taken back");
            await order.Paid();
        }, RechargeStates.Completed, Whole, Whole),
    ];

    static async Task Credited(Order order)
    {
        await order.Paid();
        await order.Eventually(RechargeStates.Completed);
    }

    static async Task Twice(Func<Task> what)
    {
        await what();
        await what();
    }
}
