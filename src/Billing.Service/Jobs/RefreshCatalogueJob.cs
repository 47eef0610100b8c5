using Billing.Service.Catalogues;

namespace Billing.Service.Jobs;

/// <summary>
/// Lets checks and queries of this instance see within seconds what another one changed, also while nothing is charged here. Charging does
/// not wait for it: a batch sees for itself whether the catalogue is the database's. When it fails, checks go on with the catalogue they have.
/// </summary>
sealed class RefreshCatalogueJob(Rules rules) : IBillingJob
{
    public async Task<JobResult> Run(CancellationToken cancellationToken)
    {
        await rules.Refresh(cancellationToken);
        return new JobResult(0);
    }
}
