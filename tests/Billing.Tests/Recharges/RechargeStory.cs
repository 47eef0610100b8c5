using System.Text.Json;
using Billing.Sagas;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests.Recharges;

/// <summary>One recharge of 10.00 USD in a state, something that happens to it, and what went out.</summary>
sealed class RechargeStory(RunningRecharges recharges)
{
    const string Queue = "billing-recharges";
    const string Payment = "pay-1";
    const string AnotherPayment = "pay-2";
    const string OthersPayment = "pay-9";
    static readonly Money Ordered = Money.Parse("10.00");
    static readonly Uri Asker = new("loopback://localhost/asker");

    readonly string _user = $"user-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow())}";
    long _outboxBefore;

    Guid Token => RechargeId.Of(_user, "token");

    Guid Id => RechargeId.Of(_user, "key");

    /// <summary>Payment ids are one recharge's: each story has its own.</summary>
    string Own(string payment) => $"{payment}-{Id}";

    public Task Begin(string state, string @event) => recharges.Use(async db =>
    {
        var recharge = new RechargeState
        {
            CorrelationId = Id,
            CurrentState = state,
            UserId = _user,
            Amount = Ordered,
            Currency = "USD",
            Channel = "card",
            IdempotencyKey = "key",
            StartedAt = RunningRecharges.Now.AddMinutes(-5),
            ExpiresAt = RunningRecharges.Now.AddMinutes(@event.Contains("when it expires", StringComparison.Ordinal) ? 0 : 25),
        };
        recharge.AnswerToken = recharge.LookToken = Token;
        if (state == "Pending") recharge.Waiting = [new Requester(Guid.CreateVersion7(RunningRecharges.Now), Asker, ReplyTo: null)];
        else (recharge.PaymentId, recharge.PayUrl) = (Own(Payment), "https://pay.example/1");
        if (state is "AwaitingCredit" or "Completed" or "NeedsReview" or "Closed")
        {
            (recharge.PaidPaymentId, recharge.PaidAmount, recharge.PaidCurrency, recharge.PaidAt, recharge.Credit) = (Own(Payment), Ordered, "USD", recharge.StartedAt, Ordered);
            db.PaymentClaims.Add(new PaymentClaim { PaymentId = Own(Payment), RechargeId = Id });
        }
        if (state == "Completed") recharge.CompletedAt = RunningRecharges.Now.AddMinutes(-1);
        if (state == "NeedsReview") recharge.Reason = RechargeReasons.RefusedByLedger;
        if (state == "Closed") (recharge.ResolvedAt, recharge.Credit) = (RunningRecharges.Now.AddMinutes(-1), Money.Zero);
        db.Recharges.Add(recharge);
        db.PaymentClaims.Add(new PaymentClaim { PaymentId = Own(OthersPayment), RechargeId = RechargeId.Of(_user, "another") });

        if (@event == "resolved: credit what paid another recharge" && recharge.PaidPaymentId is not null) recharge.PaidPaymentId = Own(OthersPayment);
        var hasRefund = @event.StartsWith("the same refund", StringComparison.Ordinal) || @event is "refund entered" or "refund refused" || (state == "Completed" && @event.StartsWith("look", StringComparison.Ordinal));
        if (hasRefund && state == "Completed") recharge.OpenRefunds = 1;
        if (hasRefund) db.Refunds.Add(new Refund
        {
            RechargeId = Id,
            RefundId = "refund-1",
            PaymentId = Own(Payment),
            Amount = Money.Parse("4.00"),
            Currency = "USD",
            Progress = state == "Completed" ? RefundProgress.Asked : RefundProgress.Waits,
            ReceivedAt = RunningRecharges.Now,
        });
        await db.SaveChangesAsync();
        _outboxBefore = await db.Set<ReliableMessaging.OutboxMessage>().MaxAsync(message => (long?)message.SequenceNumber) ?? 0;
        return 0;
    });

    public Task Happen(string @event) => @event switch
    {
        "the same order again" => Order("10.00"),
        "the same key, another amount" => Order("20.00"),
        "payment created" => Tell(new PaymentCreated { RechargeId = Id, PaymentId = Own(Payment), PayUrl = "https://pay.example/1" }),
        "paid as ordered" => Paid(Payment),
        "paid another amount" => Paid(Payment, "9.99"),
        "paid in another currency" => Paid(Payment, currency: "EUR"),
        "paid by another payment" => Paid(AnotherPayment),
        "paid by another recharge's payment" => Paid(OthersPayment),
        "payment failed" => Tell(new PaymentFailed { RechargeId = Id, Reason = "declined" }),
        "another payment failed" => Tell(new PaymentFailed { RechargeId = Id, PaymentId = Own(AnotherPayment), Reason = "declined" }),
        "no pay URL in time" => Due(new RechargeAnswerDue { RechargeId = Id }),
        "look, before it expires" or "look, when it expires" => Due(new RechargeLookDue { RechargeId = Id }),
        "account credited" => Tell(new AccountCredited { RechargeId = Id, UserId = _user, Amount = Ordered, Currency = "USD", Balance = Ordered, CreditedAt = RunningRecharges.Now }),
        "credit refused" => Tell(new CreditRefused { RechargeId = Id, Code = ErrorCodes.AmountOverflow, Detail = "too much" }),
        "refund" or "the same refund again" => Refunded("4.00"),
        "refund beyond the credit" => Refunded("10.01"),
        "refund in another currency" => Refunded("4.00", currency: "EUR"),
        "refund of another payment" => Refunded("4.00", payment: AnotherPayment),
        "the same refund, another amount" => Refunded("5.00"),
        "refund entered" => Tell(new CreditRefunded { RechargeId = Id, RefundId = "refund-1", UserId = _user, Amount = Money.Parse("4.00"), Currency = "USD", Balance = Money.Parse("6.00"), RefundedAt = RunningRecharges.Now }),
        "refund refused" => Tell(new RefundRefused { RechargeId = Id, RefundId = "refund-1", Code = ErrorCodes.RefundExceedsCredit, Detail = "too much" }),
        "resolved: credit" or "resolved: credit what paid another recharge" => Resolve(Ordered),
        "resolved: credit more than was paid" => Resolve(Money.Parse("10.01")),
        "resolved: close" => Resolve(null),
        _ => throw new ArgumentOutOfRangeException(nameof(@event), @event, "The table has an event that no test knows."),
    };

    public Task<string> State() => recharges.Use(async db => (await db.Recharges.SingleAsync(recharge => recharge.CorrelationId == Id)).CurrentState);

    /// <summary>What went out with the commit, in the table's words; messages with a time of their own are not among them.</summary>
    public Task<string[]> Effects() => recharges.Use(async db =>
    {
        var sent = await db.Set<ReliableMessaging.OutboxMessage>().Where(message => message.SequenceNumber > _outboxBefore && message.EnqueueTime == null).ToListAsync();
        var unmatched = await db.UnmatchedPayments.Where(payment => payment.RechargeId == Id).Select(payment => payment.Reason).ToListAsync();
        var words = sent.Select(Word).ToArray();
        Assert.Equal(unmatched.Select(reason => $"unmatched ({reason})"), words.Where(word => word.StartsWith("unmatched", StringComparison.Ordinal)));
        return words.Order(StringComparer.Ordinal).ToArray();
    });

    static string Word(ReliableMessaging.OutboxMessage message)
    {
        var body = JsonDocument.Parse(message.Body).RootElement.GetProperty("message");
        return message.MessageType.Split(';')[0].Split(':')[^1] switch
        {
            nameof(RechargeStatus) => body.TryGetProperty("code", out var code) && code.GetString() is { } text ? $"answer ({text})" : "answer",
            nameof(PaymentUnmatched) => $"unmatched ({body.GetProperty("reason").GetString()})",
            nameof(RechargeNeedsReview) => $"review ({body.GetProperty("reason").GetString()})",
            var name => name,
        };
    }

    Task Order(string amount) => Ask(new StartRecharge { UserId = _user, Amount = Money.Parse(amount), Currency = "USD", Channel = "card", IdempotencyKey = "key" });

    Task Paid(string payment, string amount = "10.00", string currency = "USD") =>
        Tell(new PaymentSucceeded { RechargeId = Id, PaymentId = Own(payment), Amount = Money.Parse(amount), Currency = currency });

    Task Refunded(string amount, string currency = "USD", string payment = Payment) =>
        Tell(new PaymentRefunded { RechargeId = Id, PaymentId = Own(payment), RefundId = "refund-1", Amount = Money.Parse(amount), Currency = currency });

    Task Resolve(Money? credit) => Ask(new ResolveRecharge { RechargeId = Id, Credit = credit, Actor = "ann", Reason = "spoke with the payer" });

    Task Tell<T>(T message) where T : class => recharges.Consume(message, Queue);

    Task Due<T>(T message) where T : class => recharges.Consume(message, Queue, send => send.Headers.Set(MessageHeaders.SchedulingTokenId, Token.ToString("D")));

    Task Ask<T>(T message) where T : class => recharges.Consume(message, Queue, send =>
    {
        send.ResponseAddress = Asker;
        send.RequestId = Guid.CreateVersion7(RunningRecharges.Now);
    });
}
