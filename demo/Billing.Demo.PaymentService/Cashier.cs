using System.Collections.Concurrent;
using Billing.Demo.Payments.Journaling;
using Billing.Demo.Payments.Scripting;

namespace Billing.Demo.Payments;

/// <summary>How the payment service behaves.</summary>
public sealed record CashierOptions
{
    public int Seed { get; init; } = 42;

    /// <summary>So long a user takes to pay.</summary>
    public TimeSpan PayAfter { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How many of those misbehave whose channel does not say so.</summary>
    public double MisbehavingShare { get; init; }
}

/// <summary>
/// The payment service behind its doors: takes orders, lets each payment's script happen, and answers when it is asked. The recharge's
/// id is the key of everything.
/// </summary>
public sealed class Cashier : IAsyncDisposable
{
    readonly CashierOptions _options;
    readonly Journal _journal;
    readonly INoticeDoor _door;
    readonly TimeProvider _time;
    readonly ConcurrentDictionary<Guid, Payment> _payments = [];
    readonly ConcurrentDictionary<Guid, Task> _scripts = [];
    readonly CancellationTokenSource _stopping = new();
    readonly Lock _ordering = new();

    public Cashier(CashierOptions options, Journal journal, INoticeDoor door, TimeProvider time)
    {
        (_options, _journal, _door, _time) = (options, journal, door, time);
        foreach (var line in journal.AtStart.Where(line => line.What == JournalLine.Ordered)) _payments[line.RechargeId] = Remembered(line);
    }

    /// <summary>Payments that were not at their end when the service died go on. What was told before may be told again.</summary>
    public void Resume()
    {
        foreach (var payment in _payments.Values.Where(payment => !_journal.Has(payment.FinishedLine(_time.GetUtcNow())))) Begin(payment);
    }

    /// <summary>Once this returns the payment will be made, whatever happens to the process. An order that comes again means the same payment.</summary>
    public async Task Take(PaymentOrder order, CancellationToken cancellationToken)
    {
        Payment? known;
        lock (_ordering)
        {
            if (!_payments.TryGetValue(order.RechargeId, out known))
            {
                var now = _time.GetUtcNow();
                var payment = new Payment(order, $"pay-{Guid.CreateVersion7(now):N}", Channels.MisbehaviourOf(order, _options.Seed, _options.MisbehavingShare), now, _options.PayAfter);
                _journal.Write(payment.OrderLine());
                _payments[order.RechargeId] = payment;
                Begin(payment);
            }
        }
        if (known?.Created() is { } created) await _door.Tell(created, cancellationToken);
    }

    /// <summary>Tells again what is true. Of a recharge that it never heard of it says nothing.</summary>
    public async Task Answer(Guid rechargeId, CancellationToken cancellationToken)
    {
        if (!_payments.TryGetValue(rechargeId, out var payment)) return;
        foreach (var notice in payment.Truth()) await _door.Tell(notice, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        try
        {
            await Task.WhenAll(_scripts.Values);
        }
        catch (OperationCanceledException)
        {
            // Payments in the middle of their script go on in the next life.
        }
        _stopping.Dispose();
    }

    void Begin(Payment payment) => _scripts[payment.Order.RechargeId] = Perform(payment, _stopping.Token);

    async Task Perform(Payment payment, CancellationToken stopping)
    {
        await Task.Yield();
        for (var i = 0; i < payment.Acts.Count; i++)
        {
            var act = payment.Acts[i];
            if (act.At - _time.GetUtcNow() is var wait && wait > TimeSpan.Zero) await Task.Delay(wait, _time, stopping);
            // Dying after this line, the act has happened; the script of the next life tells of it.
            if (payment.LineOf(act) is { } line) _journal.Write(line);
            payment.NoteHappened(i + 1);
            await Task.WhenAll(Enumerable.Range(0, act.Told).Select(_ => _door.Tell(act.What, stopping)));
        }
        _journal.Write(payment.FinishedLine(_time.GetUtcNow()));
        _scripts.TryRemove(payment.Order.RechargeId, out _);
    }

    Payment Remembered(JournalLine line)
    {
        var order = new PaymentOrder
        {
            RechargeId = line.RechargeId,
            UserId = line.UserId!,
            Amount = line.Amount!,
            Currency = line.Currency!,
            Channel = line.Channel!,
            ExpiresAt = line.ExpiresAt!.Value,
        };
        var payment = new Payment(order, line.PaymentId, line.Misbehaviour, line.At, _options.PayAfter);
        payment.NoteHappened(payment.Acts.TakeWhile(act => payment.LineOf(act) is not { } happened || _journal.Has(happened)).Count());
        return payment;
    }
}
