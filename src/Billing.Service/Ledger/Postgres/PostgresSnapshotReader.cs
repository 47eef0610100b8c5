using Billing.Service.Charging;
using Billing.Service.Charging.Alerts;
using Npgsql;
using static Billing.Service.Ledger.Postgres.NpgsqlBatchExtensions;

namespace Billing.Service.Ledger.Postgres;

/// <summary>Begins the transaction, takes the accounts' locks, and reads what the decisions need, all in one round trip.</summary>
static class PostgresSnapshotReader
{
    const string RecordColumns =
        "r.usage_id, r.day, r.account_id, r.entry_number, r.service_id, r.quantity, r.free_units, r.cost_nanos, r.amount_nanos, r.price_version, "
        + "r.quota_month, r.balance_after_nanos, r.free_units_after, r.occurred_at, r.charged_at, r.content_hash";

    const string LockAccounts =
        "select account_id, user_id, balance_nanos, held_nanos, overdraft_limit_nanos, last_entry_number, version, balance_alert_nanos, told_low "
        + "from account where account_id = any($1) order by account_id for update";

    const string ReadFreeQuotas =
        "select account_id, service_id, month, q.granted, q.used, q.held, q.told_percent from unnest($1, $2, $3) wanted (account_id, service_id, month) "
        + "join free_quota q using (account_id, service_id, month)";

    // The range of days lets the planner leave out the partitions that cannot hold any of the ids: without it each is searched.
    const string ReadRecordsByTime = $"select {RecordColumns} from usage_record r where r.usage_id = any($1) and r.day between $2 and $3";

    const string ReadRecordsByIdentity =
        $"select {RecordColumns} from usage_identity i join usage_record r on r.usage_id = i.usage_id and r.day = i.day where i.usage_id = any($1)";

    const string ReadEntries =
        "select account_id, entry_number, kind, operation_id, amount_nanos, balance_after_nanos, entered_at, recharge_id, refund_id, actor, reason "
        + "from ledger_entry where operation_id = any($1)";

    const string ReadTakenBack =
        "select recharge_id, (-sum(amount_nanos))::bigint from ledger_entry where kind = 2 and recharge_id = any($1) group by recharge_id";

    const string ReadReservations =
        $"select {PostgresReservations.Columns} from unnest($1, $2) wanted (account_id, reservation_id) join reservation r using (account_id, reservation_id)";

    const string ReadFreeQuotasOfReservations =
        "select distinct account_id, q.service_id, q.month, q.granted, q.used, q.held, q.told_percent from unnest($1, $2) wanted (account_id, reservation_id) "
        + "join reservation r using (account_id, reservation_id) join free_quota q using (account_id, service_id, month)";

    const string ReadActs = "select kind, operation_id, account_id, subject, actor, reason, detail, acted_at from operator_act where operation_id = any($1)";

    const string ReadRetiredDays = "select day from retired_day where day = any($1)";

    public static async Task<Snapshot> Read(NpgsqlConnection connection, BatchKeys keys, Dictionary<string, long> accountIds, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        Ask(batch, keys, accountIds);

        Snapshot snapshot;
        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            var accounts = await ReadAccounts(reader, accountIds.Count, cancellationToken);
            await reader.NextResultAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            snapshot = new Snapshot
            {
                Now = Instant(reader, 0),
                CatalogueVersion = reader.GetInt64(1),
                Accounts = accounts,
                FreeQuotas = new(keys.FreeQuotas.Count),
                Records = new(keys.UsagesWithTime.Count + keys.UsagesWithoutTime.Count),
                Entries = [],
                TakenBack = [],
                Reservations = [],
                Acts = [],
            };
            if (keys.FreeQuotas.Count > 0) await AddFreeQuotas(reader, snapshot, nextResult: true, cancellationToken);
            if (keys.UsagesWithTime.Count > 0) await AddRecords(reader, snapshot, cancellationToken);
            if (keys.UsagesWithoutTime.Count > 0) await AddRecords(reader, snapshot, cancellationToken);
            if (keys.Entries.Count > 0) await AddEntries(reader, snapshot, cancellationToken);
            if (keys.RefundedRecharges.Count > 0) await AddTakenBack(reader, snapshot, cancellationToken);
            if (keys.Acts.Count > 0) await AddActs(reader, snapshot, cancellationToken);
            if (keys.Reservations.Count > 0)
            {
                await PostgresReservations.AddTo(snapshot, reader, cancellationToken);
                await AddFreeQuotas(reader, snapshot, nextResult: true, cancellationToken);
            }
            if (keys.Reversals.Count > 0) await AddRetiredDays(reader, snapshot, cancellationToken);
        }

        if (keys.Reversals.Count > 0) await AddFreeQuotasOfReversals(connection, keys, snapshot, cancellationToken);
        return snapshot;
    }

    /// <summary>The statements, in the order in which their rows are read.</summary>
    public static void Ask(NpgsqlBatch batch, BatchKeys keys, Dictionary<string, long> accountIds)
    {
        // READ COMMITTED gives each statement its own view: those after the lock see what the lock waited for.
        batch.Add("begin");
        batch.Add(LockAccounts, Parameter(accountIds.Values.ToArray()));
        batch.Add("select clock_timestamp(), version from catalogue_version");
        if (keys.FreeQuotas.Count > 0) AddFreeQuotas(batch, keys, accountIds);
        if (keys.UsagesWithTime.Count > 0) AddRecordsByTime(batch, keys);
        if (keys.UsagesWithoutTime.Count > 0) batch.Add(ReadRecordsByIdentity, Parameter(keys.UsagesWithoutTime.ToArray()));
        if (keys.Entries.Count > 0) batch.Add(ReadEntries, Parameter(keys.Entries.Select(entry => entry.OperationId).Distinct().ToArray()));
        if (keys.RefundedRecharges.Count > 0) batch.Add(ReadTakenBack, Parameter(keys.RefundedRecharges.ToArray()));
        if (keys.Acts.Count > 0) batch.Add(ReadActs, Parameter(keys.Acts.ToArray()));
        if (keys.Reservations.Count > 0) AddReservations(batch, keys, accountIds);
        if (keys.Reversals.Count > 0) batch.Add(ReadRetiredDays, Parameter(keys.ReversedDays.ToArray()));
    }

    static void AddFreeQuotas(NpgsqlBatch batch, BatchKeys keys, Dictionary<string, long> accountIds)
    {
        var accounts = new long[keys.FreeQuotas.Count];
        var services = new int[accounts.Length];
        var months = new DateOnly[accounts.Length];
        var i = 0;
        foreach (var (userId, serviceId, month) in keys.FreeQuotas) (accounts[i], services[i], months[i++]) = (accountIds[userId], serviceId, month);
        batch.Add(ReadFreeQuotas, Parameter(accounts), Parameter(services), Parameter(months));
    }

    static void AddRecordsByTime(NpgsqlBatch batch, BatchKeys keys)
    {
        var ids = new Guid[keys.UsagesWithTime.Count];
        var (first, last) = (DateOnly.MaxValue, DateOnly.MinValue);
        var i = 0;
        foreach (var id in keys.UsagesWithTime)
        {
            ids[i++] = id;
            var day = UsageIdentity.DayOf(id);
            if (day < first) first = day;
            if (day > last) last = day;
        }
        batch.Add(ReadRecordsByTime, Parameter(ids), Parameter(first), Parameter(last));
    }

    static void AddReservations(NpgsqlBatch batch, BatchKeys keys, Dictionary<string, long> accountIds)
    {
        var accounts = keys.Reservations.Select(key => accountIds[key.UserId]).ToArray();
        var ids = keys.Reservations.Select(key => key.ReservationId).ToArray();
        batch.Add(ReadReservations, Parameter(accounts), Parameter(ids));
        batch.Add(ReadFreeQuotasOfReservations, Parameter(accounts), Parameter(ids));
    }

    static async Task<Dictionary<string, AccountState>> ReadAccounts(NpgsqlDataReader reader, int count, CancellationToken cancellationToken)
    {
        var accounts = new Dictionary<string, AccountState>(count, StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            var funds = new AccountFunds(Amount(reader, 2), Amount(reader, 3), Amount(reader, 4));
            var account = new AccountState(reader.GetInt64(0), reader.GetString(1), funds, reader.GetInt64(5), reader.GetInt64(6),
                new BalanceAlert(reader.IsDBNull(7) ? null : Amount(reader, 7), reader.GetBoolean(8)));
            accounts.Add(account.UserId, account);
        }
        return accounts;
    }

    static async Task AddFreeQuotas(NpgsqlDataReader reader, Snapshot snapshot, bool nextResult, CancellationToken cancellationToken)
    {
        if (nextResult) await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var key = new FreeQuotaKey(reader.GetInt64(0), reader.GetInt32(1), reader.GetFieldValue<DateOnly>(2));
            snapshot.FreeQuotas.TryAdd(key, new FreeQuotaState(key, reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5), stored: true, reader.GetInt16(6)));
        }
    }

    static async Task AddRecords(NpgsqlDataReader reader, Snapshot snapshot, CancellationToken cancellationToken)
    {
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var record = new BillingRecord
            {
                UsageId = reader.GetGuid(0),
                Day = reader.GetFieldValue<DateOnly>(1),
                AccountId = reader.GetInt64(2),
                EntryNumber = reader.GetInt64(3),
                ServiceId = reader.GetInt32(4),
                Quantity = reader.GetInt32(5),
                FreeUnits = reader.GetInt32(6),
                Cost = Amount(reader, 7),
                Amount = Amount(reader, 8),
                PriceVersion = reader.GetInt32(9),
                QuotaMonth = reader.GetFieldValue<DateOnly>(10),
                BalanceAfter = Amount(reader, 11),
                FreeUnitsAfter = reader.GetInt64(12),
                OccurredAt = Instant(reader, 13),
                ChargedAt = Instant(reader, 14),
                ContentHash = reader.GetInt64(15),
            };
            snapshot.Records.Add(record.UsageId, record);
        }
    }

    static async Task AddEntries(NpgsqlDataReader reader, Snapshot snapshot, CancellationToken cancellationToken)
    {
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var entry = new LedgerEntry
            {
                AccountId = reader.GetInt64(0),
                EntryNumber = reader.GetInt64(1),
                Kind = (EntryKind)reader.GetInt16(2),
                OperationId = reader.GetGuid(3),
                Amount = Amount(reader, 4),
                BalanceAfter = Amount(reader, 5),
                EnteredAt = Instant(reader, 6),
                RechargeId = reader.IsDBNull(7) ? null : reader.GetGuid(7),
                RefundId = reader.IsDBNull(8) ? null : reader.GetString(8),
                Actor = reader.IsDBNull(9) ? null : reader.GetString(9),
                Reason = reader.IsDBNull(10) ? null : reader.GetString(10),
            };
            snapshot.Entries.Add((entry.Kind, entry.OperationId), entry);
        }
    }

    static async Task AddTakenBack(NpgsqlDataReader reader, Snapshot snapshot, CancellationToken cancellationToken)
    {
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) snapshot.TakenBack.Add(reader.GetGuid(0), Amount(reader, 1));
    }

    static async Task AddActs(NpgsqlDataReader reader, Snapshot snapshot, CancellationToken cancellationToken)
    {
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
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
                ActedAt = Instant(reader, 7),
            };
            snapshot.Acts.Add((act.Kind, act.OperationId), act);
        }
    }

    static async Task AddRetiredDays(NpgsqlDataReader reader, Snapshot snapshot, CancellationToken cancellationToken)
    {
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) snapshot.RetiredDays.Add(reader.GetFieldValue<DateOnly>(0));
    }

    // Which free quotas a reversal gives back to is known only once its record is: one more round trip, for reversals alone.
    static async Task AddFreeQuotasOfReversals(NpgsqlConnection connection, BatchKeys keys, Snapshot snapshot, CancellationToken cancellationToken)
    {
        var records = keys.Reversals.Where(snapshot.Records.ContainsKey).Select(id => snapshot.Records[id]).Where(record => record.FreeUnits > 0).ToList();
        if (records.Count == 0) return;

        await using var batch = new NpgsqlBatch(connection);
        batch.Add(ReadFreeQuotas,
            Parameter(records.ConvertAll(record => record.AccountId).ToArray()),
            Parameter(records.ConvertAll(record => record.ServiceId).ToArray()),
            Parameter(records.ConvertAll(record => record.QuotaMonth).ToArray()));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await AddFreeQuotas(reader, snapshot, nextResult: false, cancellationToken);
    }

    static Money Amount(NpgsqlDataReader reader, int column) => new(reader.GetInt64(column));

    static DateTimeOffset Instant(NpgsqlDataReader reader, int column) => new(reader.GetDateTime(column), TimeSpan.Zero);
}
