namespace Billing.TestSupport;

/// <summary>What must be true of the whole ledger at every commit, in plain SQL that both engines understand: each row is a violation.</summary>
static class Invariants
{
    public static readonly (string Promise, string Sql)[] All =
    [
        ("Money is conserved: balance = entries - charges",
            """
            select a.user_id from account a
            left join (select account_id, sum(amount_nanos) as total from ledger_entry group by account_id) e on e.account_id = a.account_id
            left join (select account_id, sum(amount_nanos) as total from usage_record group by account_id) r on r.account_id = a.account_id
            where a.balance_nanos <> coalesce(e.total, 0) - coalesce(r.total, 0)
            """),
        ("The running numbers have no gap, and each balance follows from the one before",
            """
            with moves as (
                select account_id, entry_number, -amount_nanos as amount, balance_after_nanos from usage_record
                union all select account_id, entry_number, amount_nanos, balance_after_nanos from ledger_entry),
            chain as (
                select account_id, entry_number, amount, balance_after_nanos, row_number() over numbered as place,
                    coalesce(lag(balance_after_nanos) over numbered, 0) as balance_before
                from moves window numbered as (partition by account_id order by entry_number))
            select account_id from chain where place <> entry_number or balance_before + amount <> balance_after_nanos
            """),
        ("The account's last number is that of its last move",
            """
            select a.user_id from account a where a.last_entry_number <>
                (select count(*) from usage_record r where r.account_id = a.account_id) + (select count(*) from ledger_entry e where e.account_id = a.account_id)
            """),
        ("Free units used and held are within what is granted",
            "select account_id from free_quota where used < 0 or held < 0 or used + held > granted"),
        ("Free units used = those of the records that are not reversed",
            """
            select q.account_id from free_quota q where q.used <> (
                select coalesce(sum(r.free_units), 0) from usage_record r
                where r.account_id = q.account_id and r.service_id = q.service_id and r.quota_month = q.month
                    and not exists (select 1 from ledger_entry e where e.kind = 3 and e.operation_id = r.usage_id))
            """),
        ("Accounts hold what their open reservations hold",
            """
            select a.user_id from account a where a.held_nanos <>
                (select coalesce(sum(r.amount_held_nanos), 0) from reservation r where r.account_id = a.account_id and r.closed_at is null)
            """),
        ("Free quotas hold what open reservations hold of them",
            """
            select q.account_id from free_quota q where q.held <> (
                select coalesce(sum(r.free_units_held), 0) from reservation r
                where r.account_id = q.account_id and r.service_id = q.service_id and r.month = q.month and r.closed_at is null)
            """),
        ("A usage id is charged once", "select usage_id from usage_record group by usage_id having count(*) > 1"),
        ("An operation is entered once", "select operation_id from ledger_entry group by operation_id, kind having count(*) > 1"),
        ("What is charged is not rejected too, or was when it first came",
            """
            select r.usage_id from usage_record r join rejected_usage j on j.usage_id = cast(r.usage_id as text) and j.content_hash = r.content_hash
            where j.resolved_at is null
            """),
        ("A rejection stands once", "select usage_id from rejected_usage group by usage_id, content_hash, code having count(*) > 1"),
    ];
}
