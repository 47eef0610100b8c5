using Billing.Service.Charging;
using Npgsql;
using static Billing.Service.Ledger.Postgres.NpgsqlBatchExtensions;

namespace Billing.Service.Ledger.Postgres;

/// <summary>The statements that write a batch: each takes all its rows at once. Absolute values, since the locks are held.</summary>
static class PostgresWriter
{
    public static void Write(NpgsqlBatch batch, Decisions decisions, DateTime now)
    {
        if (decisions.Records.Count > 0) InsertRecords(batch, decisions.Records);
        InsertIdentities(batch, decisions.Records);
        if (decisions.Accounts.Count > 0) UpdateAccounts(batch, decisions.Accounts);
        LimitOverdrafts(batch, [.. decisions.Accounts.Where(account => account.OverdraftChanged)]);
        RememberAlerts(batch, [.. decisions.Accounts.Where(account => account.AlertChanged)]);
        UpdateFreeQuotas(batch, [.. decisions.FreeQuotas.Where(quota => quota.Stored)]);
        InsertFreeQuotas(batch, [.. decisions.FreeQuotas.Where(quota => !quota.Stored)]);
        RememberPercentages(batch, [.. decisions.FreeQuotas.Where(quota => quota.Stored && quota.ToldChanged)]);
        if (decisions.Reservations.Count > 0) PostgresReservations.Write(batch, decisions.Reservations);
        if (decisions.Entries.Count > 0) InsertEntries(batch, decisions.Entries);
        if (decisions.Rejections.Count > 0) InsertRejections(batch, decisions.Rejections, now);
        if (decisions.Retries.Count > 0) MarkRetries(batch, [.. decisions.Retries.Values], now);
        if (decisions.Acts.Count > 0) InsertActs(batch, decisions.Acts);
        PostgresRollUps.Write(batch, decisions);
    }

    // A plain insert: the unique key is the last wall, and running into it repeats the batch with what is there now.
    // In the order of ids, so that two lanes that meet at two ids wait for each other in one direction only.
    static void InsertRecords(NpgsqlBatch batch, List<BillingRecord> records)
    {
        var rows = records.ToArray();
        Array.Sort(rows, (left, right) => left.UsageId.CompareTo(right.UsageId));
        batch.Add(
            """
            insert into usage_record (usage_id, day, account_id, entry_number, service_id, quantity, free_units, cost_nanos, amount_nanos,
                price_version, quota_month, balance_after_nanos, free_units_after, occurred_at, charged_at, content_hash)
            select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
            """,
            Column(rows, row => row.UsageId), Column(rows, row => row.Day), Column(rows, row => row.AccountId), Column(rows, row => row.EntryNumber),
            Column(rows, row => row.ServiceId), Column(rows, row => (int)row.Quantity), Column(rows, row => (int)row.FreeUnits),
            Column(rows, row => row.Cost.Nanos), Column(rows, row => row.Amount.Nanos), Column(rows, row => row.PriceVersion),
            Column(rows, row => row.QuotaMonth), Column(rows, row => row.BalanceAfter.Nanos), Column(rows, row => row.FreeUnitsAfter),
            Column(rows, row => row.OccurredAt.UtcDateTime), Column(rows, row => row.ChargedAt.UtcDateTime), Column(rows, row => row.ContentHash));
    }

    static void InsertIdentities(NpgsqlBatch batch, List<BillingRecord> records)
    {
        var rows = records.Where(record => !UsageIdentity.CarriesTime(record.UsageId)).OrderBy(record => record.UsageId).ToArray();
        if (rows.Length == 0) return;
        batch.Add("insert into usage_identity (usage_id, day) select * from unnest($1, $2)", Column(rows, row => row.UsageId), Column(rows, row => row.Day));
    }

    static void UpdateAccounts(NpgsqlBatch batch, List<AccountState> accounts)
    {
        var rows = accounts.ToArray();
        batch.Add(
            """
            update account a set balance_nanos = d.balance, held_nanos = d.held, last_entry_number = d.last_entry, version = d.version
            from unnest($1, $2, $3, $4, $5) d (account_id, balance, held, last_entry, version) where a.account_id = d.account_id
            """,
            Column(rows, row => row.AccountId), Column(rows, row => row.Funds.Balance.Nanos), Column(rows, row => row.Funds.Held.Nanos), Column(rows, row => row.LastEntryNumber), Column(rows, row => row.Version + 1));
    }

    // Apart from the statement above: it is the one of every charge, and a limit changes once in a while.
    static void LimitOverdrafts(NpgsqlBatch batch, AccountState[] rows)
    {
        if (rows.Length == 0) return;
        batch.Add(
            "update account a set overdraft_limit_nanos = d.overdraft_limit from unnest($1, $2) d (account_id, overdraft_limit) where a.account_id = d.account_id",
            Column(rows, row => row.AccountId), Column(rows, row => row.Funds.OverdraftLimit.Nanos));
    }

    // Likewise: an account goes below its threshold once in a while.
    static void RememberAlerts(NpgsqlBatch batch, AccountState[] rows)
    {
        if (rows.Length == 0) return;
        batch.Add(
            "update account a set balance_alert_nanos = d.own_threshold, told_low = d.told from unnest($1, $2, $3) d (account_id, own_threshold, told) where a.account_id = d.account_id",
            Column(rows, row => row.AccountId), Column(rows, row => row.Alert.OwnThreshold?.Nanos), Column(rows, row => row.Alert.Told));
    }

    // And twice a month each: a free quota comes to a percentage.
    static void RememberPercentages(NpgsqlBatch batch, FreeQuotaState[] rows)
    {
        if (rows.Length == 0) return;
        batch.Add(
            """
            update free_quota q set told_percent = d.told from unnest($1, $2, $3, $4) d (account_id, service_id, month, told)
            where q.account_id = d.account_id and q.service_id = d.service_id and q.month = d.month
            """,
            Column(rows, row => row.Key.AccountId), Column(rows, row => row.Key.ServiceId), Column(rows, row => row.Key.Month), Column(rows, row => (short)row.Told));
    }

    static void UpdateFreeQuotas(NpgsqlBatch batch, FreeQuotaState[] rows)
    {
        if (rows.Length == 0) return;
        batch.Add(
            """
            update free_quota q set used = d.used, held = d.held from unnest($1, $2, $3, $4, $5) d (account_id, service_id, month, used, held)
            where q.account_id = d.account_id and q.service_id = d.service_id and q.month = d.month
            """,
            Column(rows, row => row.Key.AccountId), Column(rows, row => row.Key.ServiceId), Column(rows, row => row.Key.Month), Column(rows, row => row.Used),
            Column(rows, row => row.Held));
    }

    static void InsertFreeQuotas(NpgsqlBatch batch, FreeQuotaState[] rows)
    {
        if (rows.Length == 0) return;
        batch.Add(
            "insert into free_quota (account_id, service_id, month, granted, used, held, told_percent) select * from unnest($1, $2, $3, $4, $5, $6, $7)",
            Column(rows, row => row.Key.AccountId), Column(rows, row => row.Key.ServiceId), Column(rows, row => row.Key.Month),
            Column(rows, row => row.Granted), Column(rows, row => row.Used), Column(rows, row => row.Held), Column(rows, row => (short)row.Told));
    }

    static void InsertEntries(NpgsqlBatch batch, List<LedgerEntry> entries)
    {
        var rows = entries.OrderBy(entry => entry.OperationId).ToArray();
        batch.Add(
            """
            insert into ledger_entry (account_id, entry_number, kind, operation_id, amount_nanos, balance_after_nanos, entered_at,
                recharge_id, refund_id, actor, reason)
            select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """,
            Column(rows, row => row.AccountId), Column(rows, row => row.EntryNumber), Column(rows, row => (short)row.Kind), Column(rows, row => row.OperationId),
            Column(rows, row => row.Amount.Nanos), Column(rows, row => row.BalanceAfter.Nanos), Column(rows, row => row.EnteredAt.UtcDateTime),
            Column(rows, row => row.RechargeId), Column(rows, row => row.RefundId), Column(rows, row => row.Actor), Column(rows, row => row.Reason));
    }

    // The same rejection may come again and again: it stands once.
    static void InsertRejections(NpgsqlBatch batch, List<RejectedUsage> rejections, DateTime now)
    {
        var rows = rejections.OrderBy(rejected => rejected.UsageId, StringComparer.Ordinal).ThenBy(rejected => rejected.ContentHash).ThenBy(rejected => rejected.Refusal.Code, StringComparer.Ordinal).ToArray();
        batch.Add(
            """
            insert into rejected_usage (usage_id, content_hash, code, detail, user_id, service, payload, rejected_at)
            select *, $8::timestamptz from unnest($1, $2, $3, $4, $5, $6, $7)
            on conflict (usage_id, content_hash, code) do nothing
            """,
            Column(rows, row => row.UsageId), Column(rows, row => row.ContentHash), Column(rows, row => row.Refusal.Code), Column(rows, row => row.Refusal.Detail),
            Column(rows, row => row.UserId), Column(rows, row => row.Service), Column(rows, row => row.Payload), Parameter(now));
    }

    // What is resolved stays so: of two retries at once the later finds its usage charged, and the row tells of the first.
    static void MarkRetries(NpgsqlBatch batch, RetriedUsage[] rows, DateTime now) => batch.Add(
        """
        update rejected_usage r set retried_at = $4::timestamptz, retry_outcome = d.outcome, resolved_at = case when d.resolved then $4::timestamptz end
        from unnest($1, $2, $3) d (rejected_id, outcome, resolved) where r.rejected_id = d.rejected_id and r.resolved_at is null
        """,
        Column(rows, row => row.RejectedId), Column(rows, row => row.Outcome), Column(rows, row => row.Resolved), Parameter(now));

    static void InsertActs(NpgsqlBatch batch, List<OperatorAct> acts)
    {
        var rows = acts.OrderBy(act => act.OperationId).ToArray();
        batch.Add(
            """
            insert into operator_act (kind, operation_id, account_id, subject, actor, reason, detail, acted_at)
            select * from unnest($1, $2, $3, $4, $5, $6, $7, $8)
            """,
            Column(rows, row => row.Kind), Column(rows, row => row.OperationId), Column(rows, row => row.AccountId), Column(rows, row => row.Subject),
            Column(rows, row => row.Actor), Column(rows, row => row.Reason), Column(rows, OperatorActs.Detail), Column(rows, row => row.ActedAt.UtcDateTime));
    }
}
