using Billing.Service.Charging;
using Billing.Service.Charging.Reservations;
using Microsoft.Data.Sqlite;
using static Billing.Service.Ledger.Sqlite.SqliteValues;

namespace Billing.Service.Ledger.Sqlite;

/// <summary>The rows of reservations.</summary>
static class SqliteReservations
{
    public const string Columns =
        "r.account_id, r.reservation_id, r.service_id, r.month, r.content_hash, r.granted_at, r.step, r.step_hash, "
        + "r.quantity, r.free_units, r.amount_nanos, r.free_units_held, r.amount_held_nanos, "
        + "r.settled_quantity, r.settled_free_units, r.settled_nanos, r.unit_hold_nanos, r.grant_until, r.settle_by, "
        + "r.final_quantity, r.closed_at, r.late_quantity, r.funds_entry_number, r.funds_available_nanos";

    public static void AddTo(Snapshot snapshot, SqliteConnection connection, IReadOnlyCollection<ReservationKey> keys)
    {
        using var read = connection.Statement(
            $"""
            select {Columns} from json_each($1) wanted
            join reservation r on r.account_id = wanted.value ->> 0 and r.reservation_id = wanted.value ->> 1
            """, List(keys.Select(key => new object[] { key.AccountId, key.ReservationId.ToString() })));
        using var reader = read.ExecuteReader();
        while (reader.Read())
        {
            var reservation = Read(reader);
            snapshot.Reservations.Add(reservation.Key, reservation);
        }
    }

    public static ReservationState Read(SqliteDataReader reader) => new()
    {
        Key = new ReservationKey(reader.GetInt64(0), reader.GetGuid(1)),
        ServiceId = reader.GetInt32(2),
        Month = reader.GetDay(3),
        ContentHash = reader.GetInt64(4),
        GrantedAt = reader.GetInstant(5),
        Step = (reader.GetInt32(6), reader.GetInt64(7)),
        Granted = new Grant(reader.GetInt64(8), reader.GetInt64(9), reader.GetMoney(10)),
        Held = new Hold(reader.GetInt64(11), reader.GetMoney(12)),
        Settled = new Settled(reader.GetInt64(13), reader.GetInt64(14), reader.GetMoney(15)),
        UnitHold = reader.GetMoney(16),
        GrantUntil = reader.GetInstant(17),
        SettleBy = reader.GetInstant(18),
        FinalQuantity = reader.IsDBNull(19) ? null : reader.GetInt64(19),
        ClosedAt = reader.IsDBNull(20) ? null : reader.GetInstant(20),
        LateQuantity = reader.GetInt64(21),
        FundsAfter = (reader.GetInt64(22), reader.GetMoney(23)),
        IsStored = true,
    };

    public static void Write(SqliteConnection connection, IEnumerable<ReservationState> reservations) => connection.ForEach(
        """
        insert into reservation (account_id, reservation_id, service_id, month, content_hash, granted_at, step, step_hash,
            quantity, free_units, amount_nanos, free_units_held, amount_held_nanos, settled_quantity, settled_free_units, settled_nanos,
            unit_hold_nanos, grant_until, settle_by, final_quantity, closed_at, late_quantity, funds_entry_number, funds_available_nanos)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)
        on conflict (account_id, reservation_id) do update set step = excluded.step, step_hash = excluded.step_hash, quantity = excluded.quantity,
            free_units = excluded.free_units, amount_nanos = excluded.amount_nanos, free_units_held = excluded.free_units_held,
            amount_held_nanos = excluded.amount_held_nanos, settled_quantity = excluded.settled_quantity,
            settled_free_units = excluded.settled_free_units, settled_nanos = excluded.settled_nanos, unit_hold_nanos = excluded.unit_hold_nanos,
            grant_until = excluded.grant_until, settle_by = excluded.settle_by, final_quantity = excluded.final_quantity, closed_at = excluded.closed_at,
            late_quantity = excluded.late_quantity, funds_entry_number = excluded.funds_entry_number, funds_available_nanos = excluded.funds_available_nanos
        """,
        reservations,
        row => [row.Key.AccountId, row.Key.ReservationId, row.ServiceId, row.Month, row.ContentHash, row.GrantedAt, row.Step.Number, row.Step.ContentHash,
            row.Granted.Quantity, row.Granted.FreeUnits, row.Granted.Amount, row.Held.FreeUnits, row.Held.Amount,
            row.Settled.Quantity, row.Settled.FreeUnits, row.Settled.Amount, row.UnitHold, row.GrantUntil, row.SettleBy,
            row.FinalQuantity, row.ClosedAt, row.LateQuantity, row.FundsAfter.EntryNumber, row.FundsAfter.Available]);
}
