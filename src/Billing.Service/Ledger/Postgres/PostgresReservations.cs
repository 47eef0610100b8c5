using Billing.Service.Charging;
using Billing.Service.Charging.Reservations;
using Npgsql;
using static Billing.Service.Ledger.Postgres.NpgsqlBatchExtensions;

namespace Billing.Service.Ledger.Postgres;

/// <summary>The rows of reservations: read and written under their accounts' locks.</summary>
static class PostgresReservations
{
    public const string Columns =
        "r.account_id, r.reservation_id, r.service_id, r.month, r.content_hash, r.granted_at, r.step, r.step_hash, "
        + "r.quantity, r.free_units, r.amount_nanos, r.free_units_held, r.amount_held_nanos, "
        + "r.settled_quantity, r.settled_free_units, r.settled_nanos, r.unit_hold_nanos, r.grant_until, r.settle_by, "
        + "r.final_quantity, r.closed_at, r.late_quantity, r.funds_entry_number, r.funds_available_nanos";

    public static async Task AddTo(Snapshot snapshot, NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var reservation = Read(reader);
            snapshot.Reservations.Add(reservation.Key, reservation);
        }
    }

    public static ReservationState Read(NpgsqlDataReader reader) => new()
    {
        Key = new ReservationKey(reader.GetInt64(0), reader.GetGuid(1)),
        ServiceId = reader.GetInt32(2),
        Month = reader.GetFieldValue<DateOnly>(3),
        ContentHash = reader.GetInt64(4),
        GrantedAt = Instant(reader, 5),
        Step = (reader.GetInt32(6), reader.GetInt64(7)),
        Granted = new Grant(reader.GetInt64(8), reader.GetInt64(9), new Money(reader.GetInt64(10))),
        Held = new Hold(reader.GetInt64(11), new Money(reader.GetInt64(12))),
        Settled = new Settled(reader.GetInt64(13), reader.GetInt64(14), new Money(reader.GetInt64(15))),
        UnitHold = new Money(reader.GetInt64(16)),
        GrantUntil = Instant(reader, 17),
        SettleBy = Instant(reader, 18),
        FinalQuantity = reader.IsDBNull(19) ? null : reader.GetInt64(19),
        ClosedAt = reader.IsDBNull(20) ? null : Instant(reader, 20),
        LateQuantity = reader.GetInt64(21),
        FundsAfter = (reader.GetInt64(22), new Money(reader.GetInt64(23))),
        IsStored = true,
    };

    public static void Write(NpgsqlBatch batch, List<ReservationState> reservations)
    {
        Insert(batch, [.. reservations.Where(reservation => !reservation.IsStored)]);
        Update(batch, [.. reservations.Where(reservation => reservation.IsStored)]);
    }

    static void Insert(NpgsqlBatch batch, ReservationState[] rows)
    {
        if (rows.Length == 0) return;
        batch.Add(
            """
            insert into reservation (account_id, reservation_id, step, step_hash, quantity, free_units, amount_nanos, free_units_held, amount_held_nanos,
                settled_quantity, settled_free_units, settled_nanos, unit_hold_nanos, grant_until, settle_by, final_quantity, closed_at, late_quantity,
                funds_entry_number, funds_available_nanos, service_id, month, content_hash, granted_at)
            select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)
            """,
            [.. KeyAndState(rows), Column(rows, row => row.ServiceId), Column(rows, row => row.Month), Column(rows, row => row.ContentHash),
                Column(rows, row => row.GrantedAt.UtcDateTime)]);
    }

    static void Update(NpgsqlBatch batch, ReservationState[] rows)
    {
        if (rows.Length == 0) return;
        batch.Add(
            """
            update reservation r set step = d.step, step_hash = d.step_hash, quantity = d.quantity, free_units = d.free_units, amount_nanos = d.amount,
                free_units_held = d.free_units_held, amount_held_nanos = d.amount_held, settled_quantity = d.settled_quantity,
                settled_free_units = d.settled_free_units, settled_nanos = d.settled, unit_hold_nanos = d.unit_hold, grant_until = d.grant_until,
                settle_by = d.settle_by, final_quantity = d.final_quantity, closed_at = d.closed_at, late_quantity = d.late_quantity,
                funds_entry_number = d.funds_entry_number, funds_available_nanos = d.funds_available
            from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
                d (account_id, reservation_id, step, step_hash, quantity, free_units, amount, free_units_held, amount_held, settled_quantity,
                    settled_free_units, settled, unit_hold, grant_until, settle_by, final_quantity, closed_at, late_quantity, funds_entry_number, funds_available)
            where r.account_id = d.account_id and r.reservation_id = d.reservation_id
            """,
            KeyAndState(rows));
    }

    static NpgsqlParameter[] KeyAndState(ReservationState[] rows) =>
    [
        Column(rows, row => row.Key.AccountId), Column(rows, row => row.Key.ReservationId), Column(rows, row => row.Step.Number), Column(rows, row => row.Step.ContentHash),
        Column(rows, row => row.Granted.Quantity), Column(rows, row => row.Granted.FreeUnits), Column(rows, row => row.Granted.Amount.Nanos),
        Column(rows, row => row.Held.FreeUnits), Column(rows, row => row.Held.Amount.Nanos),
        Column(rows, row => row.Settled.Quantity), Column(rows, row => row.Settled.FreeUnits), Column(rows, row => row.Settled.Amount.Nanos),
        Column(rows, row => row.UnitHold.Nanos), Column(rows, row => row.GrantUntil.UtcDateTime), Column(rows, row => row.SettleBy.UtcDateTime),
        Column(rows, row => row.FinalQuantity), Column(rows, row => row.ClosedAt?.UtcDateTime), Column(rows, row => row.LateQuantity),
        Column(rows, row => row.FundsAfter.EntryNumber), Column(rows, row => row.FundsAfter.Available.Nanos),
    ];

    static DateTimeOffset Instant(NpgsqlDataReader reader, int column) => new(reader.GetDateTime(column), TimeSpan.Zero);
}
