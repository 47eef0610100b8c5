using Billing.Service.Charging;
using Microsoft.Data.Sqlite;

namespace Billing.Service.Ledger.Sqlite;

/// <summary>The statements that write a batch. The database is in the process, so a prepared statement for each row costs no round trip.</summary>
static class SqliteWriter
{
    public static void Write(SqliteConnection connection, Decisions decisions, DateTimeOffset now)
    {
        connection.ForEach(
            """
            insert into usage_record (usage_id, day, account_id, entry_number, service_id, quantity, free_units, cost_nanos, amount_nanos,
                price_version, quota_month, balance_after_nanos, free_units_after, occurred_at, charged_at, content_hash)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
            """,
            decisions.Records,
            row => [row.UsageId, row.Day, row.AccountId, row.EntryNumber, row.ServiceId, row.Quantity, row.FreeUnits, row.Cost, row.Amount,
                row.PriceVersion, row.QuotaMonth, row.BalanceAfter, row.FreeUnitsAfter, row.OccurredAt, row.ChargedAt, row.ContentHash]);

        connection.ForEach(
            "update account set balance_nanos = $2, held_nanos = $3, last_entry_number = $4, version = $5 where account_id = $1",
            decisions.Accounts,
            row => [row.AccountId, row.Funds.Balance, row.Funds.Held, row.LastEntryNumber, row.Version + 1]);

        connection.ForEach(
            "update account set overdraft_limit_nanos = $2 where account_id = $1",
            decisions.Accounts.Where(account => account.OverdraftChanged),
            row => [row.AccountId, row.Funds.OverdraftLimit]);

        connection.ForEach(
            "update account set balance_alert_nanos = $2, told_low = $3 where account_id = $1",
            decisions.Accounts.Where(account => account.AlertChanged),
            row => [row.AccountId, row.Alert.OwnThreshold, row.Alert.Told]);

        connection.ForEach(
            """
            insert into free_quota (account_id, service_id, month, granted, used, held, told_percent) values ($1, $2, $3, $4, $5, $6, $7)
            on conflict (account_id, service_id, month) do update set used = excluded.used, held = excluded.held, told_percent = excluded.told_percent
            """,
            decisions.FreeQuotas,
            row => [row.Key.AccountId, row.Key.ServiceId, row.Key.Month, row.Granted, row.Used, row.Held, row.Told]);

        SqliteReservations.Write(connection, decisions.Reservations);

        connection.ForEach(
            """
            insert into ledger_entry (account_id, entry_number, kind, operation_id, amount_nanos, balance_after_nanos, entered_at,
                recharge_id, refund_id, actor, reason)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """,
            decisions.Entries,
            row => [row.AccountId, row.EntryNumber, (int)row.Kind, row.OperationId, row.Amount, row.BalanceAfter, row.EnteredAt,
                row.RechargeId, row.RefundId, row.Actor, row.Reason]);

        connection.ForEach(
            """
            insert into rejected_usage (usage_id, content_hash, code, detail, user_id, service, payload, rejected_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (usage_id, content_hash, code) do nothing
            """,
            decisions.Rejections,
            row => [row.UsageId, row.ContentHash, row.Refusal.Code, row.Refusal.Detail, row.UserId, row.Service, row.Payload, now]);

        // What is resolved stays so: of two retries the later finds its usage charged, and the row tells of the first.
        connection.ForEach(
            "update rejected_usage set retried_at = $2, retry_outcome = $3, resolved_at = $4 where rejected_id = $1 and resolved_at is null",
            decisions.Retries.Values,
            row => [row.RejectedId, now, row.Outcome, row.Resolved ? now : null]);

        connection.ForEach(
            "insert into operator_act (kind, operation_id, account_id, subject, actor, reason, detail, acted_at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
            decisions.Acts,
            row => [row.Kind, row.OperationId, row.AccountId, row.Subject, row.Actor, row.Reason, OperatorActs.Detail(row), row.ActedAt]);

        SqliteRollUps.Write(connection, decisions);
    }
}
