using Billing.Service.Webhooks;
using Microsoft.Extensions.Options;

namespace Billing.Service.Jobs;

/// <summary>Deletes deliveries to webhooks that ended long ago.</summary>
sealed class ForgetDeliveriesJob(DeliveryStore deliveries, IOptions<WebhookOptions> options, TimeProvider time) : IBillingJob
{
    public async Task<JobResult> Run(CancellationToken cancellationToken) =>
        new(await deliveries.Forget(time.GetUtcNow().AddDays(-options.Value.KeepDays), cancellationToken));
}
