using System.Diagnostics.Metrics;
using Billing.Service.Intake;

namespace Billing.Service.Observability;

/// <summary>How things stand, for whoever looks, read from the database at most every 15 seconds.</summary>
sealed class StateMetrics
{
    static readonly TimeSpan Fresh = TimeSpan.FromSeconds(15);

    readonly StateReader _reader;
    readonly TimeProvider _time;
    readonly SemaphoreSlim _turn = new(1);
    State _state = new();
    DateTimeOffset _readAt = DateTimeOffset.MinValue;

    public StateMetrics(IMeterFactory meters, StateReader reader, ChargingDelay delay, TimeProvider time)
    {
        (_reader, _time) = (reader, time);
        var meter = meters.Create(Telemetry.Name);
        meter.CreateObservableGauge("billing.health", () => Each(_state.Health, "check", healthy => healthy ? 1L : 0L), "{check}", "1 while a check of /health/ready holds, 0 while it does not.");
        meter.CreateObservableGauge("billing.outbox.pending", () => Outboxes(backlog => backlog.Ready), "{message}", "Messages of an outbox that could be delivered now.");
        meter.CreateObservableGauge("billing.outbox.failing", () => Outboxes(backlog => backlog.Failing), "{message}", "Messages of an outbox whose delivery has failed at least once.");
        meter.CreateObservableGauge("billing.outbox.oldest_age", () => OutboxAges(), "s", "How long the oldest message of an outbox has waited.");
        meter.CreateObservableGauge("billing.reservation.open", () => Value(_state.ReservationsOpen), "{reservation}", "Reservations that are not closed.");
        meter.CreateObservableGauge("billing.reservation.held", () => Units(_state.AmountHeld), "{currency}", "Money that open reservations hold, in units of the billing currency.");
        meter.CreateObservableGauge("billing.rejected_usage.open", () => Value(_state.RejectedOpen), "{usage}", "Rejected usages that nobody has resolved; at most 100000.");
        meter.CreateObservableGauge("billing.webhook.pending", () => Value(_state.WebhooksPending), "{delivery}", "Deliveries to webhooks that are to be sent; at most 100000.");
        meter.CreateObservableGauge("billing.recharge.open", Recharges, "{recharge}", "Recharges that wait for the payment service's answer or for an operator, by state.");
        meter.CreateObservableGauge("billing.payment.unmatched", () => Value(_state.PaymentsUnmatched), "{payment}", "Payments that belong to no recharge and wait for an operator.");
        meter.CreateObservableGauge("billing.operator_alerts", () => Each(_state.Alerts, "kind", count => count), "{alert}", "What the audit or the comparison of the cache found and what still holds, by kind.");
        meter.CreateObservableGauge("billing.usage.in_work", () => (long)delay.InWork, "{message}", "Messages of usage that were taken from the broker and are not committed yet.");
        meter.CreateObservableGauge("billing.usage.oldest_age", () => delay.Current.TotalSeconds, "s", "The longest delay of the last seconds, or the age of the oldest message in work if that is longer.");
    }

    /// <summary>Sees to it that the state is not older than 15 seconds.</summary>
    public async Task Refresh(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_time.GetUtcNow() - _readAt < Fresh) return;
            _state = await _reader.Read(cancellationToken);
            _readAt = _time.GetUtcNow();
        }
        finally
        {
            _turn.Release();
        }
    }

    IEnumerable<Measurement<long>> Outboxes(Func<ReliableMessaging.OutboxBacklog, long> value)
    {
        if (_state.LedgerOutbox is { } ledger) yield return Of(value(ledger), "outbox", "ledger");
        if (_state.RechargeOutbox is { } recharges) yield return Of(value(recharges), "outbox", "recharges");
    }

    IEnumerable<Measurement<double>> OutboxAges()
    {
        if (_state.LedgerOutbox is { } ledger) yield return Of(ledger.OldestAge.TotalSeconds, "outbox", "ledger");
        if (_state.RechargeOutbox is { } recharges) yield return Of(recharges.OldestAge.TotalSeconds, "outbox", "recharges");
    }

    IEnumerable<Measurement<long>> Recharges()
    {
        if (_state.RechargesPending is { } pending) yield return Of(pending, "state", RechargeStates.Pending);
        if (_state.RechargesInReview is { } inReview) yield return Of(inReview, "state", RechargeStates.NeedsReview);
    }

    static IEnumerable<Measurement<long>> Each<T>(IReadOnlyDictionary<string, T> values, string label, Func<T, long> value) => values.Select(pair => Of(value(pair.Value), label, pair.Key));

    static IEnumerable<Measurement<long>> Value(long? value) => value is { } known ? [new Measurement<long>(known)] : [];

    static IEnumerable<Measurement<double>> Units(Money? amount) => amount is { } known ? [new Measurement<double>(known.Nanos / 1e9)] : [];

    static Measurement<T> Of<T>(T value, string label, string name) where T : struct => new(value, KeyValuePair.Create<string, object?>(label, name));
}
