using Billing.Demo.Payments.Journaling;
using Billing.Service.Charging;

namespace Billing.IntegrationTests.Recharges;

/// <summary>
/// Recharges from the order to the credit, with a payment service that behaves and one that does not. It is a process that knows only
/// docs/payments.md.
/// </summary>
[Collection(ServersCollection.Name)]
public sealed class PaymentServiceTests(RechargesOnServers running) : IClassFixture<RechargesOnServers>, IAsyncLifetime
{
    readonly Auditor _auditor = running.NewAuditor();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _auditor.Check();

    [Theory]
    [InlineData("card", RechargeStates.Completed, "10.00")]
    [InlineData("card:duplicate", RechargeStates.Completed, "10.00")]
    [InlineData("card:delay-5s", RechargeStates.Completed, "10.00")]
    [InlineData("card:reorder", RechargeStates.Completed, "10.00")]
    [InlineData("card:lose", RechargeStates.Completed, "10.00")]
    [InlineData("card:fail", RechargeStates.Failed, "0.00")]
    [InlineData("card:fail-then-pay", RechargeStates.Completed, "10.00")]
    [InlineData("card:pay-then-fail", RechargeStates.Completed, "10.00")]
    [InlineData("card:mismatch-amount", RechargeStates.NeedsReview, "0.00")]
    [InlineData("card:mismatch-currency", RechargeStates.NeedsReview, "0.00")]
    [InlineData("card:other-payment-id", RechargeStates.NeedsReview, "0.00")]
    [InlineData("card:twice", RechargeStates.Completed, "10.00", "0.00", RechargeReasons.SecondPayment)]
    [InlineData("card:refund", RechargeStates.Completed, "10.00", "10.00")]
    [InlineData("card:refund-part", RechargeStates.Completed, "10.00", "2.50")]
    [InlineData("card:refund-twice", RechargeStates.Completed, "10.00", "2.50")]
    [InlineData("card:refund-too-much", RechargeStates.Completed, "10.00", "0.00", RechargeReasons.RefundExceedsCredit)]
    [InlineData("card:expire", RechargeStates.Expired, "0.00")]
    [InlineData("card:expire-then-pay", RechargeStates.Completed, "10.00")]
    [InlineData("card:unknown-recharge", RechargeStates.Completed, "10.00", "0.00", RechargeReasons.UnknownRecharge)]
    public async Task Ends_as_it_must(string channel, string state, string credited, string refunded = "0.00", string? unmatched = null)
    {
        var (id, user) = (running.Of(channel).Answer.RechargeId, running.Of(channel).Order.UserId);
        await running.Payments.WaitUntilFinished(id);
        await running.WaitUntil(id, recharge => recharge.State == state && recharge.Refunded == Money.Parse(refunded), $"{channel} is {state}, {refunded} refunded");
        var payment = running.Payments.Journal.First(line => line.RechargeId == id).PaymentId;
        await Eventually.That(async () => (await running.Unmatched(payment)).SingleOrDefault()?.Reason, reason => reason == unmatched, $"what is unmatched of {channel} is {unmatched ?? "nothing"}");

        // And it stays so when everything that was told has been acted upon.
        await running.NothingWaits();
        var recharge = await running.Get(id);
        Assert.Equal((state, Money.Parse(credited), Money.Parse(refunded)), (recharge.State, recharge.Credited, recharge.Refunded));
        Assert.Equal(unmatched, (await running.Unmatched(payment)).SingleOrDefault()?.Reason);
        if (recharge.Credited > Money.Zero) Credited(id, user, recharge.Credited);
        if (recharge.Refunded > Money.Zero) _auditor.Entered(EntryKind.Refund, DerivedId.Of("refund", id.ToString(), $"refund-of-{payment}"), user, -recharge.Refunded);
    }

    [Theory]
    [InlineData("card:mismatch-amount", RechargeReasons.AmountMismatch)]
    [InlineData("card:mismatch-currency", RechargeReasons.CurrencyMismatch)]
    [InlineData("card:other-payment-id", RechargeReasons.PaymentIdMismatch)]
    [InlineData("card:fail", "card_declined")]
    public async Task Says_why(string channel, string reason) =>
        await running.WaitUntil(running.Of(channel).Answer.RechargeId, recharge => recharge.Reason == reason, $"{channel} says {reason}");

    [Theory]
    [InlineData("card:fail-then-pay")]
    [InlineData("card:expire-then-pay")]
    [InlineData("card:lose")]
    public async Task Money_that_comes_after_the_end_is_credited_and_marked_late(string channel)
    {
        var recharge = await running.WaitUntil(running.Of(channel).Answer.RechargeId, recharge => recharge.State == RechargeStates.Completed, $"{channel} is completed");

        // Notifications may overtake each other: what counts is the state in which the money found the recharge.
        var ended = await running.Count("select count(*) from recharges.recharge_history where recharge_id = $1 and state in ('Failed', 'Expired')", recharge.RechargeId);
        Assert.Equal(ended > 0, recharge.Late);
    }

    [Fact]
    public async Task The_order_is_answered_with_the_pay_URL_and_the_same_order_is_the_same_recharge()
    {
        var started = await running.Start("card");
        Assert.Equal($"https://pay.example/{started.Answer.PaymentId}", started.Answer.PayUrl);

        var repeat = await running.AsWeb.Ask<StartRecharge, RechargeStatus>(started.Order);
        Assert.Equal(started.Answer.RechargeId, repeat.RechargeId);
        var other = await running.AsWeb.Ask<StartRecharge, RechargeStatus>(started.Order with { Amount = Money.Parse("11.00") });
        Assert.Equal(ErrorCodes.IdempotencyKeyReused, other.Code);

        await running.WaitUntil(started.Answer.RechargeId, recharge => recharge.State == RechargeStates.Completed, "the recharge is completed");
        Assert.Single(running.Payments.Journal, line => line.RechargeId == started.Answer.RechargeId && line.What == JournalLine.Ordered);
        Credited(started.Answer.RechargeId, started.Order.UserId, Money.Parse("10.00"));
    }

    [Fact]
    public async Task Killed_and_started_again_the_payment_service_goes_on_with_the_same_payment()
    {
        var started = await running.Start("card:delay-2s");
        await running.Payments.Kill();
        await running.Payments.Start();

        var recharge = await running.WaitUntil(started.Answer.RechargeId, recharge => recharge.State == RechargeStates.Completed, "the recharge is completed");
        Assert.Equal(started.Answer.PaymentId, recharge.PaymentId);
        Credited(started.Answer.RechargeId, started.Order.UserId, Money.Parse("10.00"));
    }

    [Fact]
    public async Task Orders_wait_for_a_payment_service_that_is_away()
    {
        Task<RechargesOnServers.Started> starting;
        var exitCode = await running.Payments.Terminate();
        try
        {
            Assert.Equal(0, exitCode);
            starting = running.Start("card");
            await Eventually.That(() => running.Broker.Ready("payment-service"), ready => ready > 0, "the order waits in the payment service's queue");
        }
        finally
        {
            await running.Payments.Start();
        }

        var started = await starting;
        await running.WaitUntil(started.Answer.RechargeId, recharge => recharge.State == RechargeStates.Completed, "the recharge is completed");
        Credited(started.Answer.RechargeId, started.Order.UserId, Money.Parse("10.00"));
    }

    [Fact]
    public async Task An_operator_credits_what_needs_review_once()
    {
        var started = await running.Start("card:mismatch-amount");
        var id = started.Answer.RechargeId;
        await running.WaitUntil(id, recharge => recharge.State == RechargeStates.NeedsReview, "the recharge needs review");
        var decision = new ResolveRecharge { RechargeId = id, Credit = Money.Parse("10.01"), Actor = "olga", Reason = "the payer says so" };

        Assert.Null((await running.AsOperator.Ask<ResolveRecharge, RechargeStatus>(decision)).Code);
        Assert.Null((await running.AsOperator.Ask<ResolveRecharge, RechargeStatus>(decision)).Code);

        var recharge = await running.WaitUntil(id, recharge => recharge.State == RechargeStates.Completed, "the recharge is completed");
        Assert.Equal(Money.Parse("10.01"), recharge.Credited);
        Credited(id, started.Order.UserId, recharge.Credited);
    }

    [Fact]
    public async Task An_operator_assigns_an_unmatched_payment_to_a_user_once()
    {
        var started = await running.Start("card:twice");
        var (id, user) = (started.Answer.RechargeId, started.Order.UserId);
        var unmatched = await Eventually.That(
            async () => (await running.Unmatched(started.Answer.PaymentId!)).SingleOrDefault(), payment => payment is not null, "the second payment is unmatched");
        var decision = new AssignPayment { UnmatchedId = unmatched!.UnmatchedId, UserId = user, Actor = "olga", Reason = "paid twice and wants to keep it" };

        Assert.Null((await running.AsOperator.Ask<AssignPayment, UnmatchedPaymentStatus>(decision)).Code);
        Assert.Null((await running.AsOperator.Ask<AssignPayment, UnmatchedPaymentStatus>(decision)).Code);

        await running.WaitUntil(unmatched.UnmatchedId, recharge => recharge.State == RechargeStates.Completed, "the assigned payment is credited");
        await running.WaitUntil(id, recharge => recharge.State == RechargeStates.Completed, "the recharge is completed");
        Credited(id, user, Money.Parse("10.00"));
        Credited(unmatched.UnmatchedId, user, Money.Parse("10.00"));
    }

    void Credited(Guid rechargeId, string user, Money amount) => _auditor.Entered(EntryKind.Credit, rechargeId, user, amount);
}
