using Billing.Service.Catalogues;
using Billing.Service.Observability;
using Quartz;

namespace Billing.Service.Jobs;

/// <summary>
/// Lets checks and queries of this instance see within seconds what another one changed, also while nothing is charged here. Charging does
/// not wait for it: a batch sees for itself whether the catalogue is the database's.
/// </summary>
[DisallowConcurrentExecution]
sealed class RefreshCatalogueJob(Rules rules, ILogger<RefreshCatalogueJob> logger) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        if (!rules.AreLoaded) return;
        try
        {
            await rules.Refresh(cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // It goes on with the catalogue that it has, for checks; whatever charges needs the database anyway.
            JobMetrics.MarkFailed(context);
            logger.LogWarning("The catalogue could not be compared with the database's; trying again in a moment: {Error}", exception.Message);
        }
    }
}
