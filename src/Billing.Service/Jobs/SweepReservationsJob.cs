using Billing.Service.Hosting;
using Billing.Service.Observability;
using Billing.Service.Reservations;
using Quartz;

namespace Billing.Service.Jobs;

/// <summary>Looks for reservations whose time to settle is over.</summary>
[DisallowConcurrentExecution]
sealed class SweepReservationsJob(ReservationSweep sweep, Preparation preparation, ILogger<SweepReservationsJob> logger) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        if (!preparation.Succeeded.IsCompleted || !await preparation.Succeeded) return;
        try
        {
            var swept = await sweep.Run(cancellationToken);
            if (swept > 0) logger.LogInformation("{ReservationCount} reservations were past their time: what was left went back", swept);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            JobMetrics.MarkFailed(context);
            logger.LogWarning(exception, "Overdue reservations could not be swept; the next run will");
        }
    }
}
