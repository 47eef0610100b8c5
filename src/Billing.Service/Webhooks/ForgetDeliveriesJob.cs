using Billing.Service.Hosting;
using Billing.Service.Observability;
using Microsoft.Extensions.Options;
using Quartz;

namespace Billing.Service.Webhooks;

/// <summary>Deletes deliveries that ended long ago.</summary>
[DisallowConcurrentExecution]
sealed class ForgetDeliveriesJob(DeliveryStore deliveries, Preparation preparation, IOptions<WebhookOptions> options, TimeProvider time, ILogger<ForgetDeliveriesJob> logger) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        if (!preparation.Succeeded.IsCompleted || !await preparation.Succeeded) return;
        try
        {
            var forgotten = await deliveries.Forget(time.GetUtcNow().AddDays(-options.Value.KeepDays), cancellationToken);
            if (forgotten > 0) logger.LogInformation("{DeliveryCount} deliveries to webhooks were old and are deleted", forgotten);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            JobMetrics.MarkFailed(context);
            logger.LogWarning(exception, "Old deliveries could not be deleted; the next run will");
        }
    }
}
