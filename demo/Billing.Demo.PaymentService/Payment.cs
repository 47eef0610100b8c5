using Billing.Demo.Payments.Journaling;
using Billing.Demo.Payments.Scripting;

namespace Billing.Demo.Payments;

/// <summary>One payment of a recharge, and how far its script has gone.</summary>
sealed class Payment
{
    int _happened;

    public Payment(PaymentOrder order, string paymentId, string misbehaviour, DateTimeOffset takenAt, TimeSpan payAfter)
    {
        (Order, PaymentId, Misbehaviour, TakenAt) = (order, paymentId, misbehaviour, takenAt);
        Acts = Script.Of(misbehaviour, order, paymentId, takenAt, payAfter);
    }

    public PaymentOrder Order { get; }
    public string PaymentId { get; }
    public string Misbehaviour { get; }
    public DateTimeOffset TakenAt { get; }
    public IReadOnlyList<Act> Acts { get; }

    public void NoteHappened(int acts) => Interlocked.Exchange(ref _happened, Math.Max(acts, _happened));

    /// <summary>What the billing service must hear when it asks: the money received, else the failure, else that it can be paid.</summary>
    public IReadOnlyList<Notice> Truth()
    {
        var known = Happened.Select(act => act.What).ToList();
        if (known.Where(notice => notice.Kind == NoticeKind.Succeeded).ToList() is { Count: > 0 } paid) return paid;
        return known.Where(notice => notice.Kind == NoticeKind.Failed).Concat(known).Take(1).ToList();
    }

    /// <summary>The answer to an order that comes again; null while it has not been answered at all.</summary>
    public Notice? Created() => Happened.Select(act => act.What).FirstOrDefault(notice => notice.Kind == NoticeKind.Created);

    public JournalLine OrderLine() => Line(JournalLine.Ordered, TakenAt) with
    {
        Amount = Order.Amount,
        Currency = Order.Currency,
        UserId = Order.UserId,
        Channel = Order.Channel,
        ExpiresAt = Order.ExpiresAt,
    };

    /// <summary>Null of what the order's line says already.</summary>
    public JournalLine? LineOf(Act act) => act.What.Kind switch
    {
        NoticeKind.Succeeded => Line(JournalLine.Succeeded, act.At, act.What) with
        {
            AsOrdered = IsAsOrdered(act.What),
        },
        NoticeKind.Refunded => Line(JournalLine.Refunded, act.At, act.What),
        NoticeKind.Failed => Line(JournalLine.Failed, act.At, act.What),
        _ => null,
    };

    public JournalLine FinishedLine(DateTimeOffset now) => Line(JournalLine.Finished, now);

    IEnumerable<Act> Happened => Acts.Take(Volatile.Read(ref _happened));

    bool IsAsOrdered(Notice notice) =>
        (notice.RechargeId, notice.PaymentId, notice.Currency) == (Order.RechargeId, PaymentId, Order.Currency) && Amount.Of(notice.Amount!) == Amount.Of(Order.Amount);

    JournalLine Line(string what, DateTimeOffset at, Notice? notice = null) => new()
    {
        What = what,
        RechargeId = notice?.RechargeId ?? Order.RechargeId,
        PaymentId = notice?.PaymentId ?? PaymentId,
        RefundId = notice?.RefundId,
        Amount = notice?.Amount,
        Currency = notice?.Currency,
        Misbehaviour = Misbehaviour,
        At = at,
    };
}
