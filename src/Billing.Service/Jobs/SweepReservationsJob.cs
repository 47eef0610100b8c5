using Billing.Service.Reservations;

namespace Billing.Service.Jobs;

/// <summary>Looks for reservations whose time to settle is over.</summary>
sealed class SweepReservationsJob(ReservationSweep sweep) : IBillingJob
{
    public async Task<JobResult> Run(CancellationToken cancellationToken) => new(await sweep.Run(cancellationToken));
}
