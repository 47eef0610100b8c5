namespace Billing.Service.Ledger;

/// <summary>Reservations by their times. What is held of them changes only by operations, under their accounts' locks.</summary>
public sealed class ReservationRows(IDatabase database)
{
    const string OverdueAt =
        "select a.user_id, r.reservation_id from reservation r join account a on a.account_id = r.account_id "
        + "where r.closed_at is null and r.settle_by < $1 order by r.settle_by limit $2";

    const string DeleteClosed =
        "delete from reservation where (account_id, reservation_id) in "
        + "(select account_id, reservation_id from reservation where closed_at < $1 limit $2)";

    /// <summary>Open ones whose time to settle was over, the longest overdue first.</summary>
    public async Task<List<(string UserId, Guid ReservationId)>> Overdue(DateTimeOffset now, int max, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await database.Query(connection, OverdueAt, reader => (reader.GetString(0), reader.GetGuid(1)), cancellationToken, now, max);
    }

    /// <summary>How many were forgotten; fewer than the most when none are left.</summary>
    public async Task<int> ForgetClosed(DateTimeOffset closedBefore, int max, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await database.Execute(connection, DeleteClosed, cancellationToken, closedBefore, max);
    }
}
