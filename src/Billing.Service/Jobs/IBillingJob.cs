namespace Billing.Service.Jobs;

/// <summary>A sweep over rows, or a look at all of them. It may be broken off anywhere and run again without harm.</summary>
interface IBillingJob
{
    Task<JobResult> Run(CancellationToken cancellationToken);
}

/// <param name="Rows">How many rows were changed, or found wrong; 0 when there was nothing to do.</param>
sealed record JobResult(long Rows, string? Detail = null);
