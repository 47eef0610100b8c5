using Billing.Service.Batching;
using Billing.Service.Charging;
using Billing.Service.Charging.Reservations;
using Billing.Service.Ledger;
using Microsoft.Extensions.Options;

namespace Billing.Service.Reservations;

/// <summary>
/// Gives back what holders never came back for, and forgets what was closed long ago. May run on every instance at once and be
/// broken off anywhere: each row is decided again under its account's lock.
/// </summary>
public sealed class ReservationSweep(ReservationRows rows, ChargingBatcher batcher, TimeProvider time, IOptions<ReservationOptions> options)
{
    const int AtOnce = 500;

    /// <summary>How many reservations gave something back, or were closed with nothing left.</summary>
    public async Task<int> Run(CancellationToken cancellationToken)
    {
        var swept = 0;
        while (true)
        {
            var overdue = await rows.Overdue(time.GetUtcNow(), AtOnce, cancellationToken);
            var outcomes = await batcher.Submit([.. overdue.Select(one => new SweepHold(one.ReservationId, one.UserId))], Urgency.Bulk, cancellationToken);
            var closed = outcomes.Count(outcome => outcome is Released { Duplicate: false });
            swept += closed;
            // None closed: by the database's clock their time is not over yet.
            if (overdue.Count < AtOnce || closed == 0) break;
        }

        var closedBefore = time.GetUtcNow() - options.Value.KeptFor;
        while (await rows.ForgetClosed(closedBefore, AtOnce, cancellationToken) == AtOnce) { }
        return swept;
    }
}
