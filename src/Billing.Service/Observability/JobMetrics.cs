using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Quartz;

namespace Billing.Service.Observability;

/// <summary>What runs by the clock: when it last ended, how long it took, and how it went.</summary>
public sealed class JobMetrics : IJobListener
{
    static readonly object Failed = new();

    readonly ConcurrentDictionary<string, DateTimeOffset> _succeeded = new(StringComparer.Ordinal);
    readonly Histogram<double> _duration;
    readonly TimeProvider _time;

    public JobMetrics(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        var meter = meters.Create(Telemetry.Name);
        _duration = meter.CreateHistogram("billing.job.duration", "s", "Runs of a job, by job and result.", tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.1, 1, 10, 60, 600] });
        meter.CreateObservableGauge("billing.job.last_success", LastSuccesses, "s", "When a job last succeeded on this instance, in seconds of Unix time.");
    }

    public string Name => "metrics";

    public ValueTask JobToBeExecuted(IJobExecutionContext context, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    public ValueTask JobExecutionVetoed(IJobExecutionContext context, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    public ValueTask JobWasExecuted(IJobExecutionContext context, JobExecutionException? jobException, CancellationToken cancellationToken = default)
    {
        var job = context.JobDetail.JobType.Type.Name;
        var failed = jobException is not null || context.Result == Failed;
        _duration.Record(context.JobRunTime.TotalSeconds, KeyValuePair.Create<string, object?>("job_name", job), KeyValuePair.Create<string, object?>("result", failed ? "failed" : "succeeded"));
        if (!failed) _succeeded[job] = _time.GetUtcNow();
        return ValueTask.CompletedTask;
    }

    /// <summary>A job that caught its failure says so.</summary>
    public static void MarkFailed(IJobExecutionContext context) => context.Result = Failed;

    IEnumerable<Measurement<double>> LastSuccesses() =>
        _succeeded.Select(job => new Measurement<double>(job.Value.ToUnixTimeMilliseconds() / 1_000.0, KeyValuePair.Create<string, object?>("job_name", job.Key)));
}
