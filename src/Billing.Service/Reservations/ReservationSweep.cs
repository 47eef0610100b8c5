using System.Data.Common;
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
public sealed class ReservationSweep(IDatabase database, ChargingBatcher batcher, TimeProvider time, IOptions<ReservationOptions> options)
{
    const int AtOnce = 500;

    const string Overdue =
        "select a.user_id, r.reservation_id from reservation r join account a on a.account_id = r.account_id "
        + "where r.closed_at is null and r.settle_by < $1 order by r.settle_by limit $2";

    const string DeleteClosed =
        "delete from reservation where (account_id, reservation_id) in "
        + "(select account_id, reservation_id from reservation where closed_at < $1 limit $2)";

    /// <summary>How many reservations gave something back, or were closed with nothing left.</summary>
    public async Task<int> Run(CancellationToken cancellationToken)
    {
        var swept = 0;
        await using var connection = await database.Open(cancellationToken);
        while (true)
        {
            var overdue = await database.Query(connection, Overdue, Sweep, cancellationToken, time.GetUtcNow(), AtOnce);
            var outcomes = await batcher.Submit(overdue, Urgency.Bulk, cancellationToken);
            var closed = outcomes.Count(outcome => outcome is Released { Duplicate: false });
            swept += closed;
            // None closed: by the database's clock their time is not over yet.
            if (overdue.Count < AtOnce || closed == 0) break;
        }

        var closedBefore = time.GetUtcNow() - options.Value.KeptFor;
        while (await database.Execute(connection, DeleteClosed, cancellationToken, closedBefore, AtOnce) == AtOnce) { }
        return swept;
    }

    static Operation Sweep(DbDataReader reader) => new SweepHold(reader.GetGuid(1), reader.GetString(0));
}
