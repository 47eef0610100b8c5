using Billing.Service.Catalogues;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Billing.Service.Hosting;

/// <summary>Ready only once the migrations are applied and the catalogue is read.</summary>
sealed class SchemaHealthCheck(Rules rules) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(rules.AreLoaded
        ? HealthCheckResult.Healthy()
        : HealthCheckResult.Unhealthy("The database was not there yet to be migrated and to give the catalogue."));
}
