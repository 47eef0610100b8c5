using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Billing.Service.Observability;

namespace Billing.Service.Jobs;

/// <summary>How jobs end, how long they take, and when each last went well, by the meter <c>Billing</c>.</summary>
sealed class JobMetrics
{
    readonly ConcurrentDictionary<string, DateTimeOffset> _lastDone = new(StringComparer.Ordinal);
    readonly Counter<long> _runs;
    readonly Histogram<double> _duration;

    public JobMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Telemetry.Name);
        _runs = meter.CreateCounter<long>("billing.job.runs", "{run}", "Runs of jobs, by job and result.");
        _duration = meter.CreateHistogram("billing.job.duration", "s", "How long runs of jobs took, by job and result.", tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.1, 1, 10, 60, 600] });
        meter.CreateObservableGauge("billing.job.last_success", LastSuccesses, "s", "When a job last ended well on this instance, in seconds of Unix time.");
    }

    public void Ran(JobRun run)
    {
        // Not "job": that is Prometheus's own name for what it scrapes.
        var (job, result) = (KeyValuePair.Create<string, object?>("job_name", run.Job), KeyValuePair.Create<string, object?>("result", run.Result));
        _runs.Add(1, job, result);
        _duration.Record((run.FinishedAt!.Value - run.StartedAt).TotalSeconds, job, result);
        if (run.Result == JobRun.Done) _lastDone[run.Job] = run.FinishedAt.Value;
    }

    IEnumerable<Measurement<double>> LastSuccesses() =>
        _lastDone.Select(job => new Measurement<double>(job.Value.ToUnixTimeMilliseconds() / 1_000.0, KeyValuePair.Create<string, object?>("job_name", job.Key)));
}
