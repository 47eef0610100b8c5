using System.Data.Common;
using Billing.Contracts;
using Billing.Demo.Summary;
using Billing.Service.Ledger;

namespace Billing.Demo.Recharges;

/// <summary>A recharge as it stands in the database.</summary>
sealed record RechargeRow(
    Guid RechargeId, string State, string UserId, Money Amount, string Currency, string? PaidBy, Money Paid, string? PaidCurrency, Money? Resolved, bool Late, string? Reason);

/// <summary>A payment or refund that stands in <c>unmatched_payments</c>.</summary>
sealed record UnmatchedRow(Guid UnmatchedId, string Reason, Guid RechargeId, string? PaymentId, string? RefundId, Money Amount, string? Currency, string? AssignedUserId);

/// <summary>A credit, or with a refund id what was taken back, in the ledger.</summary>
sealed record EntryRow(Guid RechargeId, string? RefundId, string UserId, Money Amount);

/// <summary>What the databases of recharges and ledger say, read row by row.</summary>
sealed record RechargeBooks(IReadOnlyList<RechargeRow> Recharges, IReadOnlyList<UnmatchedRow> Unmatched, IReadOnlyList<EntryRow> Entries, long Outgoing)
{
    public static async Task<RechargeBooks> Of(IDatabase database, RechargeTables tables, CancellationToken cancellationToken) => new(
        await database.Read(
            $"""
            select recharge_id, current_state, user_id, amount, currency, paid_payment_id, paid_amount, paid_currency, resolved_credit, late, reason
            from {tables.Recharge}
            """,
            reader => new RechargeRow(
                reader.GetGuid(0), reader.GetString(1), reader.GetString(2), Money(reader, 3), reader.GetString(4), Text(reader, 5), Money(reader, 6), Text(reader, 7),
                reader.IsDBNull(8) ? null : Money(reader, 8), reader.GetBoolean(9), Text(reader, 10)), cancellationToken),
        await database.Read(
            $"select unmatched_id, reason, recharge_id, payment_id, refund_id, amount, currency, assigned_user_id from {tables.Unmatched}",
            reader => new UnmatchedRow(
                reader.GetGuid(0), reader.GetString(1), reader.GetGuid(2), Text(reader, 3), Text(reader, 4), Money(reader, 5), Text(reader, 6), Text(reader, 7)), cancellationToken),
        await database.Read(
            "select e.recharge_id, e.refund_id, a.user_id, e.amount_nanos from ledger_entry e join account a on a.account_id = e.account_id where e.kind in (1, 2)",
            reader => new EntryRow(reader.GetGuid(0), Text(reader, 1), reader.GetString(2), Money(reader, 3)), cancellationToken),
        // What has a time of its own, such as the next look at a recharge, is not on its way yet.
        (await database.Read(
            $"select (select count(*) from {tables.Outbox} where enqueue_time is null) + (select count(*) from outbox_message where enqueue_time is null)",
            reader => reader.GetInt64(0), cancellationToken))[0]);

    /// <summary>What this run added.</summary>
    public RechargeBooks Since(RechargeBooks before)
    {
        var (recharges, unmatched) = (before.Recharges.Select(row => row.RechargeId).ToHashSet(), before.Unmatched.Select(row => row.UnmatchedId).ToHashSet());
        var entries = before.Entries.Select(row => (row.RechargeId, row.RefundId)).ToHashSet();
        return this with
        {
            Recharges = [.. Recharges.Where(row => !recharges.Contains(row.RechargeId))],
            Unmatched = [.. Unmatched.Where(row => !unmatched.Contains(row.UnmatchedId))],
            Entries = [.. Entries.Where(row => !entries.Contains((row.RechargeId, row.RefundId)))],
        };
    }

    static string? Text(DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    static Money Money(DbDataReader reader, int column) => new(reader.GetInt64(column));
}

/// <summary>The recharges' tables: a schema of their own, or in one file with the ledger's.</summary>
sealed record RechargeTables(string Recharge, string Unmatched, string Outbox)
{
    public static readonly RechargeTables Postgres = new("recharges.recharge", "recharges.unmatched_payments", "recharges.outbox_message");
    public static readonly RechargeTables Sqlite = new("recharge", "unmatched_payments", "recharge_outbox_message");
}
