using Billing.Service.Charging;
using Billing.Service.Charging.Alerts;
using Billing.Service.Charging.Reservations;
using Microsoft.Data.Sqlite;
using static Billing.Service.Ledger.Sqlite.SqliteValues;

namespace Billing.Service.Ledger.Sqlite;

/// <summary>Opens the accounts of new users and reads what a batch's decisions need, each kind by one statement.</summary>
static class SqliteSnapshotReader
{
    public static Snapshot Read(SqliteConnection connection, BatchKeys keys, DateTimeOffset now)
    {
        var accounts = ReadAccounts(connection, keys, now);
        var snapshot = new Snapshot { Now = now, CatalogueVersion = ReadCatalogueVersion(connection), Accounts = accounts, FreeQuotas = [], Records = [], Entries = [], TakenBack = [], Reservations = [], Acts = [] };

        AddRecords(connection, snapshot, [.. keys.UsagesWithTime, .. keys.UsagesWithoutTime]);
        AddEntries(connection, snapshot, keys.Entries);
        AddTakenBack(connection, snapshot, keys.RefundedRecharges);
        AddActs(connection, snapshot, keys.Acts);
        AddRetiredDays(connection, snapshot, keys);
        AddFreeQuotas(connection, snapshot, keys.FreeQuotas.Select(key => new FreeQuotaKey(accounts[key.UserId].AccountId, key.ServiceId, key.Month)));
        AddFreeQuotas(connection, snapshot, keys.Reversals.Where(snapshot.Records.ContainsKey).Select(id => snapshot.Records[id])
            .Select(record => new FreeQuotaKey(record.AccountId, record.ServiceId, record.QuotaMonth)));
        if (keys.Reservations.Count > 0)
        {
            SqliteReservations.AddTo(snapshot, connection, [.. keys.Reservations.Select(key => new ReservationKey(accounts[key.UserId].AccountId, key.ReservationId))]);
            AddFreeQuotas(connection, snapshot, snapshot.Reservations.Values.Select(held => new FreeQuotaKey(held.Key.AccountId, held.ServiceId, held.Month)).Distinct());
        }
        return snapshot;
    }

    static long ReadCatalogueVersion(SqliteConnection connection)
    {
        using var read = connection.Statement("select version from catalogue_version");
        return (long)read.ExecuteScalar()!;
    }

    static Dictionary<string, AccountState> ReadAccounts(SqliteConnection connection, BatchKeys keys, DateTimeOffset now)
    {
        var users = List(keys.Users);
        using (var open = connection.Statement(
            "insert into account (user_id, opened_at) select value, $2 from json_each($1) where true on conflict (user_id) do nothing", users, now))
            open.ExecuteNonQuery();

        var accounts = new Dictionary<string, AccountState>(keys.Users.Count, StringComparer.Ordinal);
        using var read = connection.Statement(
            """
            select account_id, user_id, balance_nanos, held_nanos, overdraft_limit_nanos, last_entry_number, version, balance_alert_nanos, told_low
            from account where user_id in (select value from json_each($1))
            """, users);
        using var reader = read.ExecuteReader();
        while (reader.Read())
        {
            var funds = new AccountFunds(reader.GetMoney(2), reader.GetMoney(3), reader.GetMoney(4));
            var account = new AccountState(reader.GetInt64(0), reader.GetString(1), funds, reader.GetInt64(5), reader.GetInt64(6),
                new BalanceAlert(reader.IsDBNull(7) ? null : reader.GetMoney(7), reader.GetBoolean(8)));
            accounts.Add(account.UserId, account);
        }
        return accounts;
    }

    static void AddFreeQuotas(SqliteConnection connection, Snapshot snapshot, IEnumerable<FreeQuotaKey> wanted)
    {
        var keys = wanted.Select(key => new object[] { key.AccountId, key.ServiceId, Day(key.Month) }).ToList();
        if (keys.Count == 0) return;

        using var read = connection.Statement(
            """
            select q.account_id, q.service_id, q.month, q.granted, q.used, q.held, q.told_percent from json_each($1) wanted
            join free_quota q on q.account_id = wanted.value ->> 0 and q.service_id = wanted.value ->> 1 and q.month = wanted.value ->> 2
            """, List(keys));
        using var reader = read.ExecuteReader();
        while (reader.Read())
        {
            var key = new FreeQuotaKey(reader.GetInt64(0), reader.GetInt32(1), reader.GetDay(2));
            snapshot.FreeQuotas.TryAdd(key, new FreeQuotaState(key, reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5), stored: true, reader.GetInt32(6)));
        }
    }

    static void AddRecords(SqliteConnection connection, Snapshot snapshot, IReadOnlyCollection<Guid> usageIds)
    {
        if (usageIds.Count == 0) return;

        using var read = connection.Statement(
            """
            select usage_id, day, account_id, entry_number, service_id, quantity, free_units, cost_nanos, amount_nanos, price_version,
                quota_month, balance_after_nanos, free_units_after, occurred_at, charged_at, content_hash
            from usage_record where usage_id in (select value from json_each($1))
            """, List(usageIds));
        using var reader = read.ExecuteReader();
        while (reader.Read())
        {
            var record = new BillingRecord
            {
                UsageId = reader.GetGuid(0),
                Day = reader.GetDay(1),
                AccountId = reader.GetInt64(2),
                EntryNumber = reader.GetInt64(3),
                ServiceId = reader.GetInt32(4),
                Quantity = reader.GetInt64(5),
                FreeUnits = reader.GetInt64(6),
                Cost = reader.GetMoney(7),
                Amount = reader.GetMoney(8),
                PriceVersion = reader.GetInt32(9),
                QuotaMonth = reader.GetDay(10),
                BalanceAfter = reader.GetMoney(11),
                FreeUnitsAfter = reader.GetInt64(12),
                OccurredAt = reader.GetInstant(13),
                ChargedAt = reader.GetInstant(14),
                ContentHash = reader.GetInt64(15),
            };
            snapshot.Records.Add(record.UsageId, record);
        }
    }

    static void AddEntries(SqliteConnection connection, Snapshot snapshot, IReadOnlyCollection<(EntryKind Kind, Guid OperationId)> entries)
    {
        if (entries.Count == 0) return;

        using var read = connection.Statement(
            """
            select account_id, entry_number, kind, operation_id, amount_nanos, balance_after_nanos, entered_at, recharge_id, refund_id, actor, reason
            from ledger_entry where operation_id in (select value from json_each($1))
            """, List(entries.Select(entry => entry.OperationId)));
        using var reader = read.ExecuteReader();
        while (reader.Read())
        {
            var entry = new LedgerEntry
            {
                AccountId = reader.GetInt64(0),
                EntryNumber = reader.GetInt64(1),
                Kind = (EntryKind)reader.GetInt32(2),
                OperationId = reader.GetGuid(3),
                Amount = reader.GetMoney(4),
                BalanceAfter = reader.GetMoney(5),
                EnteredAt = reader.GetInstant(6),
                RechargeId = reader.IsDBNull(7) ? null : reader.GetGuid(7),
                RefundId = reader.IsDBNull(8) ? null : reader.GetString(8),
                Actor = reader.IsDBNull(9) ? null : reader.GetString(9),
                Reason = reader.IsDBNull(10) ? null : reader.GetString(10),
            };
            snapshot.Entries.Add((entry.Kind, entry.OperationId), entry);
        }
    }

    static void AddTakenBack(SqliteConnection connection, Snapshot snapshot, IReadOnlyCollection<Guid> recharges)
    {
        if (recharges.Count == 0) return;

        using var read = connection.Statement(
            "select recharge_id, -sum(amount_nanos) from ledger_entry where kind = 2 and recharge_id in (select value from json_each($1)) group by recharge_id",
            List(recharges));
        using var reader = read.ExecuteReader();
        while (reader.Read()) snapshot.TakenBack.Add(reader.GetGuid(0), reader.GetMoney(1));
    }

    static void AddRetiredDays(SqliteConnection connection, Snapshot snapshot, BatchKeys keys)
    {
        if (keys.Reversals.Count == 0) return;

        using var read = connection.Statement("select day from retired_day where day in (select value from json_each($1))", List(keys.ReversedDays.Select(Day)));
        using var reader = read.ExecuteReader();
        while (reader.Read()) snapshot.RetiredDays.Add(reader.GetDay(0));
    }

    static void AddActs(SqliteConnection connection, Snapshot snapshot, IReadOnlyCollection<Guid> operations)
    {
        if (operations.Count == 0) return;

        using var read = connection.Statement(
            """
            select kind, operation_id, account_id, subject, actor, reason, detail, acted_at
            from operator_act where operation_id in (select value from json_each($1))
            """, List(operations));
        using var reader = read.ExecuteReader();
        while (reader.Read())
        {
            var act = new OperatorAct
            {
                Kind = reader.GetString(0),
                OperationId = reader.GetGuid(1),
                AccountId = reader.IsDBNull(2) ? null : reader.GetInt64(2),
                Subject = reader.IsDBNull(3) ? null : reader.GetString(3),
                Actor = reader.GetString(4),
                Reason = reader.GetString(5),
                Changes = OperatorActs.Changes(reader.GetString(6)),
                ActedAt = reader.GetInstant(7),
            };
            snapshot.Acts.Add((act.Kind, act.OperationId), act);
        }
    }
}
