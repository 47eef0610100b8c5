using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Billing.Service.Batching;
using Billing.Service.Charging;

namespace Billing.Service.Observability;

/// <summary>
/// What charging did, counted from what each commit returned, so that the counts are the database's. They are read when somebody looks:
/// from the first moment on, zero included.
/// </summary>
public sealed class ChargingMetrics
{
    readonly ConcurrentDictionary<string, long> _rejected = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, long> _refused = new(StringComparer.Ordinal);
    readonly CommitsInDoubt _inDoubt = new();
    readonly Histogram<long> _batchSize;
    readonly Histogram<double> _batchDuration;
    readonly Histogram<double> _delay;
    long _received;
    long _charged;
    long _duplicates;
    long _debts;

    public ChargingMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Telemetry.Name);
        meter.CreateObservableCounter("billing.usage.received", () => Volatile.Read(ref _received), "{usage}", "Usages and deductions handed to charging, repeats included.");
        meter.CreateObservableCounter("billing.usage.charged", () => Volatile.Read(ref _charged), "{usage}", "Usages charged: each is one record in the database.");
        meter.CreateObservableCounter("billing.usage.duplicates", () => Volatile.Read(ref _duplicates), "{usage}", "Usages that were charged already: nothing was written.");
        meter.CreateObservableCounter("billing.usage.rejected", () => ByCode(_rejected), "{usage}", "Usages that could not be charged and stand in rejected_usage, by code.");
        meter.CreateObservableCounter("billing.deduction.refused", () => ByCode(_refused), "{usage}", "Deductions answered with a refusal, by code.");
        meter.CreateObservableCounter("billing.account.debts", () => Volatile.Read(ref _debts), "{account}", "Times that an account went into debt.");
        _batchSize = meter.CreateHistogram("billing.batch.size", "{operation}", "Operations in one transaction, by urgency.", tags: null, Buckets<long>(1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000));
        _batchDuration = meter.CreateHistogram("billing.batch.duration", "s", "From taking a batch up to its commit, by urgency.", tags: null, Buckets<double>(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30));
        _delay = meter.CreateHistogram("billing.usage.delay", "s", "From publishing a message of usage to its commit, by the sender's clock.", tags: null, Buckets<double>(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900));
    }

    public void Received(int operations) => Interlocked.Add(ref _received, operations);

    public void Batch(Urgency urgency, int operations, TimeSpan took)
    {
        var lane = KeyValuePair.Create<string, object?>("urgency", urgency == Urgency.Bulk ? "bulk" : "interactive");
        _batchSize.Record(operations, lane);
        _batchDuration.Record(took.TotalSeconds, lane);
    }

    public void Delayed(TimeSpan took) => _delay.Record(took.TotalSeconds);

    /// <summary>The commit failed, and may have been done all the same.</summary>
    internal void InDoubt(Decisions decisions) => _inDoubt.Add(decisions);

    /// <summary>What was decided is committed.</summary>
    internal void Committed(Decisions decisions) => Interlocked.Add(ref _debts, decisions.Accounts.Count(account => account.WentIntoDebt));

    /// <summary>Called once for each batch that was answered, after its commit.</summary>
    internal void Applied(IReadOnlyList<Operation> operations, Outcome[] outcomes)
    {
        var charged = 0;
        var duplicates = 0;
        for (var i = 0; i < outcomes.Length; i++)
        {
            switch (outcomes[i])
            {
                case Charged done when !done.Duplicate || _inDoubt.WroteIt(done.Record):
                    charged++;
                    break;
                case Charged:
                    duplicates++;
                    break;
                case Refused refused when operations[i] is ChargeUsage or RecordRejection:
                    Count(_rejected, refused.Code);
                    break;
                case Refused refused when operations[i] is DeductUsage:
                    Count(_refused, refused.Code);
                    break;
            }
        }
        Interlocked.Add(ref _charged, charged);
        Interlocked.Add(ref _duplicates, duplicates);
    }

    static void Count(ConcurrentDictionary<string, long> counts, string code) => counts.AddOrUpdate(code, 1, (_, count) => count + 1);

    static IEnumerable<Measurement<long>> ByCode(ConcurrentDictionary<string, long> counts) =>
        counts.Select(count => new Measurement<long>(count.Value, KeyValuePair.Create<string, object?>("code", count.Key)));

    static InstrumentAdvice<T> Buckets<T>(params T[] bounds) where T : struct => new() { HistogramBucketBoundaries = bounds };
}
