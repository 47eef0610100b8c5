using Billing.Service.Quota.Caching;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Billing.Service.Hosting;

/// <summary>Ready also without the cache, and says so: checks take longer then, and are as right.</summary>
sealed class CacheHealthCheck(IAccountCache cache) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(HealthCheckResult.Healthy(cache.IsThere ? null : "degraded: Redis does not answer, checks go to the database."));
}
