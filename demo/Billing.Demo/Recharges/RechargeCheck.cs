using Billing.Contracts;
using Billing.Demo.Payments.Journaling;

namespace Billing.Demo.Recharges;

/// <summary>
/// Holds the service's books against what was ordered and what the payment service wrote down by itself. Values in, differences out;
/// each names its recharge.
/// </summary>
sealed class RechargeCheck
{
    const string Completed = "Completed";
    static readonly string[] Waiting = ["Pending", "AwaitingPayment", "AwaitingCredit"];
    static readonly string[] AtTheDesk = ["NeedsReview", "Closed"];

    readonly RechargeBooks _books;
    readonly Dictionary<Guid, StartRecharge> _orders;
    readonly Dictionary<Guid, RechargeRow> _rows;
    readonly ILookup<Guid, EntryRow> _credits, _refunds;
    readonly ILookup<Guid, JournalLine> _payments, _givenBack;
    readonly ILookup<Guid, UnmatchedRow> _unmatched;
    readonly Dictionary<Guid, UnmatchedRow> _assigned;
    readonly List<string> _problems = [];

    RechargeCheck(IReadOnlyCollection<StartedRecharge> started, IReadOnlyList<JournalLine> journal, RechargeBooks books)
    {
        _books = books;
        _orders = started.DistinctBy(recharge => recharge.RechargeId).ToDictionary(recharge => recharge.RechargeId, recharge => recharge.Order);
        _rows = books.Recharges.ToDictionary(row => row.RechargeId);
        _credits = books.Entries.Where(entry => entry.RefundId is null).ToLookup(entry => entry.RechargeId);
        _refunds = books.Entries.Where(entry => entry.RefundId is not null).ToLookup(entry => entry.RechargeId);
        _payments = journal.Where(line => line.What == JournalLine.Succeeded).ToLookup(line => line.RechargeId);
        _givenBack = journal.Where(line => line.What == JournalLine.Refunded).ToLookup(line => line.RechargeId);
        _unmatched = books.Unmatched.ToLookup(kept => kept.RechargeId);
        _assigned = books.Unmatched.Where(kept => kept.AssignedUserId is not null).ToDictionary(kept => kept.UnmatchedId);
    }

    /// <summary>Empty when every payment stands where it must, once, and nothing else does.</summary>
    public static IReadOnlyList<string> Problems(IReadOnlyCollection<StartedRecharge> started, IReadOnlyList<JournalLine> journal, RechargeBooks books)
    {
        var check = new RechargeCheck(started, journal, books);
        check.Orders(journal);
        foreach (var payment in check._payments.SelectMany(payments => payments)) check.Payment(payment);
        foreach (var refund in check._givenBack.SelectMany(refunds => refunds)) check.Refund(refund);
        check.NothingElse();
        if (books.Outgoing > 0) check._problems.Add($"{books.Outgoing} messages wait in the outboxes");
        return check._problems;
    }

    void Orders(IReadOnlyList<JournalLine> journal)
    {
        var finished = journal.Where(line => line.What == JournalLine.Finished).Select(line => line.RechargeId).ToHashSet();
        foreach (var (id, order) in _orders)
        {
            if (!_rows.TryGetValue(id, out var row)) _problems.Add($"recharge {id} was ordered and is not there");
            else if ((row.UserId, row.Amount, row.Currency) != (order.UserId, order.Amount, order.Currency)) _problems.Add($"recharge {id} is not as {order.UserId} ordered it");
            else if (!finished.Contains(id)) _problems.Add($"recharge {id}: the payment service is not at its end with it");
        }
        foreach (var row in _rows.Values.Where(row => Waiting.Contains(row.State))) _problems.Add($"recharge {row.RechargeId} stands in {row.State}");
    }

    /// <summary>Money received stands in one place: credited, under review, or unmatched.</summary>
    void Payment(JournalLine payment)
    {
        var (id, amount) = (payment.RechargeId, Money.Parse(payment.Amount!));
        var name = $"recharge {id}: payment {payment.PaymentId} of {amount} {payment.Currency}";
        var row = _rows.GetValueOrDefault(id);
        var isTheRecharges = row is not null && (row.PaidBy, row.Paid, row.PaidCurrency) == (payment.PaymentId, amount, payment.Currency);
        var credited = isTheRecharges && row is { State: Completed, Resolved: null };
        var decided = isTheRecharges && (row!.Resolved is not null || AtTheDesk.Contains(row.State));
        var unmatched = _unmatched[id].Count(kept => (kept.PaymentId, kept.RefundId, kept.Amount, kept.Currency) == (payment.PaymentId, null, amount, payment.Currency));

        var isAlone = _payments[id].Count() == 1;
        if (IsAsOrdered(payment) && isAlone && !credited) _problems.Add($"{name}, as ordered, is not credited: {row?.State ?? "no such recharge"}");
        else if ((credited ? 1 : 0) + (decided ? 1 : 0) + unmatched is var places && places != 1) _problems.Add($"{name} stands in {places} places, not in one");
        if (credited && _credits[id].Count() != 1) _problems.Add($"{name} is entered {_credits[id].Count()} times");
    }

    /// <summary>Money given back is taken from the credit once; what cannot be taken stands unmatched.</summary>
    void Refund(JournalLine refund)
    {
        var (id, amount) = (refund.RechargeId, Money.Parse(refund.Amount!));
        var entered = _refunds[id].Count(entry => entry.RefundId == refund.RefundId && entry.Amount == -amount);
        var unmatched = _unmatched[id].Count(kept => (kept.RefundId, kept.Amount) == (refund.RefundId, amount));
        var credited = _credits[id].FirstOrDefault()?.Amount ?? Money.Zero;
        // Of what is never credited nothing is taken; the refund stays with its recharge.
        var expected = credited == Money.Zero ? (0, 0) : amount <= credited ? (1, 0) : (0, 1);
        if ((entered, unmatched) != expected)
            _problems.Add($"recharge {id}: refund {refund.RefundId} of {amount} is taken back {entered} times and unmatched {unmatched} times, not {expected.Item1} and {expected.Item2} times");
    }

    /// <summary>Nothing stands in the books that nobody paid, gave back or decided.</summary>
    void NothingElse()
    {
        foreach (var credit in _books.Entries.Where(entry => entry.RefundId is null))
        {
            if (ExpectedCredit(credit.RechargeId) is not { } expected) _problems.Add($"recharge {credit.RechargeId} is credited {credit.Amount}, and nobody paid that");
            else if (expected != (credit.UserId, credit.Amount)) _problems.Add($"recharge {credit.RechargeId} is credited {credit.Amount} to {credit.UserId}, not {expected.Amount} to {expected.UserId}");
        }
        foreach (var row in _rows.Values.Where(row => row.State == Completed && _credits[row.RechargeId].Count() != 1))
            _problems.Add($"recharge {row.RechargeId} is completed and entered {_credits[row.RechargeId].Count()} times");
        foreach (var refund in _books.Entries.Where(entry => entry.RefundId is not null && !_givenBack[entry.RechargeId].Any(line => line.RefundId == entry.RefundId)))
            _problems.Add($"recharge {refund.RechargeId}: refund {refund.RefundId} is taken back, and nobody gave it back");
        foreach (var kept in _books.Unmatched.Where(kept => !_payments[kept.RechargeId].Concat(_givenBack[kept.RechargeId]).Any(line => (line.PaymentId, line.RefundId) == (kept.PaymentId, kept.RefundId))))
            _problems.Add($"recharge {kept.RechargeId}: {kept.Reason} {kept.PaymentId} stands unmatched, and the payment service knows nothing of it");
    }

    /// <summary>What may be credited under an id; null when nothing may.</summary>
    (string UserId, Money Amount)? ExpectedCredit(Guid id)
    {
        if (_assigned.TryGetValue(id, out var assigned)) return (assigned.AssignedUserId!, assigned.Amount);
        if (!_rows.TryGetValue(id, out var row) || !_orders.TryGetValue(id, out var order)) return null;
        if (row.Resolved is { } resolved) return resolved > Money.Zero ? (order.UserId, resolved) : null;
        return _payments[id].Any(payment => payment.PaymentId == row.PaidBy && (Money.Parse(payment.Amount!), payment.Currency) == (order.Amount, order.Currency))
            ? (order.UserId, order.Amount)
            : null;
    }

    /// <summary>Judged by the order itself, not by what the payment service thinks it was.</summary>
    bool IsAsOrdered(JournalLine payment) =>
        payment.AsOrdered == true && _orders.TryGetValue(payment.RechargeId, out var order) && (Money.Parse(payment.Amount!), payment.Currency) == (order.Amount, order.Currency);
}
