using Billing.Service.Ledger;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Billing.Service.Hosting;

/// <summary>Ready only while the database answers.</summary>
sealed class LedgerHealthCheck(ILedgerStore store) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await store.Ping(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception)
        {
            return HealthCheckResult.Unhealthy("The database does not answer.", exception);
        }
    }
}
