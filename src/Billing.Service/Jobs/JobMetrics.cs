using System.Diagnostics.Metrics;
using Billing.Service.Quota.Caching;

namespace Billing.Service.Jobs;

/// <summary>How jobs end and how long they take, by the meter <c>Billing</c>.</summary>
sealed class JobMetrics
{
    readonly Counter<long> _runs;
    readonly Histogram<double> _duration;

    public JobMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(CacheMetrics.MeterName);
        _runs = meter.CreateCounter<long>("billing.job.runs", description: "Runs of jobs, by job and result.");
        _duration = meter.CreateHistogram<double>("billing.job.duration", "s", "How long runs of jobs took, by job and result.");
    }

    public void Ran(JobRun run)
    {
        var (job, result) = (KeyValuePair.Create<string, object?>("job", run.Job), KeyValuePair.Create<string, object?>("result", run.Result));
        _runs.Add(1, job, result);
        _duration.Record((run.FinishedAt!.Value - run.StartedAt).TotalSeconds, job, result);
    }
}
