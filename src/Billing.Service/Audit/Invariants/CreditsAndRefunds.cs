namespace Billing.Service.Audit.Invariants;

/// <summary>A recharge is credited once, and its refunds take no more than that from the same account.</summary>
static class CreditsAndRefunds
{
    const string CreditedTwice =
        """
        select 'recharge ' || recharge_id || ': ' || count(*) || ' credits' from ledger_entry
        where kind = 1 group by recharge_id having count(*) > 1
        """;

    const string WrongEntry =
        """
        select 'operation ' || operation_id || ', kind ' || kind || ': ' || problem from (
            select operation_id, kind, case
                when kind in (1, 2) and recharge_id is null then 'it names no recharge'
                when kind not in (1, 2) and recharge_id is not null then 'it names a recharge'
                when kind = 1 and operation_id <> recharge_id then 'a credit of recharge ' || recharge_id
                when kind = 1 and amount_nanos <= 0 then 'a credit of ' || amount_nanos || ' nanos'
                when kind = 2 and refund_id is null then 'it names no refund'
                when kind = 2 and amount_nanos >= 0 then 'a refund that moved ' || amount_nanos || ' nanos'
                end as problem
            from ledger_entry) checked
        where problem is not null
        """;

    const string WrongRefund =
        """
        select 'refund ' || operation_id || ' of recharge ' || recharge_id || ': ' || problem from (
            select r.operation_id, r.recharge_id, case
                when c.recharge_id is null then 'never credited'
                when c.account_id <> r.account_id then 'credited to account ' || c.account_id || ', taken back from ' || r.account_id
                when c.entry_number >= r.entry_number then 'taken back before it was credited'
                end as problem
            from ledger_entry r left join ledger_entry c on c.kind = 1 and c.recharge_id = r.recharge_id
            where r.kind = 2 and r.recharge_id is not null) checked
        where problem is not null
        """;

    const string SameRefundTwice =
        """
        select 'refund ' || refund_id || ' of recharge ' || recharge_id || ': ' || count(*) || ' entries' from ledger_entry
        where kind = 2 group by recharge_id, refund_id having count(*) > 1
        """;

    // A sum past 64 bits is an error of its own on SQLite, and a violation too.
    const string TooMuch =
        """
        select 'recharge ' || c.recharge_id || ': ' || -r.moved || ' nanos taken back of ' || c.amount_nanos
        from ledger_entry c join (select recharge_id, sum(amount_nanos) as moved from ledger_entry where kind = 2 group by recharge_id) r
            on r.recharge_id = c.recharge_id
        where c.kind = 1 and r.moved < -c.amount_nanos
        """;

    public static Invariant For() => new()
    {
        Name = "credits and refunds",
        Counted = "entries",
        Count = "select count(*) from ledger_entry where kind in (1, 2)",
        Violations = [CreditedTwice, WrongEntry, WrongRefund, SameRefundTwice, TooMuch],
    };
}
