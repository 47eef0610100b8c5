namespace Billing.Service.Audit.Invariants;

/// <summary>
/// What accounts and quotas say is set aside is what open reservations hold; no reservation holds more than it was granted; and
/// when money was set aside the account could spend it.
/// </summary>
static class Holds
{
    const string OfAccounts =
        """
        select 'user ' || a.user_id || ': ' || a.held_nanos || ' nanos held, its open reservations hold ' || coalesce(r.held, 0)
        from account a
        left join (select account_id, sum(amount_held_nanos) as held from reservation where closed_at is null group by account_id) r on r.account_id = a.account_id
        where a.held_nanos <> coalesce(r.held, 0)
        """;

    const string OfQuotas =
        """
        with wanted as (
            select account_id, service_id, month, sum(free_units_held) as held from reservation where closed_at is null and free_units_held <> 0
            group by account_id, service_id, month)
        select 'user ' || coalesce(a.user_id, 'of account ' || coalesce(q.account_id, w.account_id)) || ', service ' || coalesce(q.service_id, w.service_id)
            || ', ' || coalesce(q.month, w.month) || ': ' || coalesce(q.held, 0) || ' free units held, its open reservations hold ' || coalesce(w.held, 0)
        from free_quota q
        full join wanted w on w.account_id = q.account_id and w.service_id = q.service_id and w.month = q.month
        left join account a on a.account_id = coalesce(q.account_id, w.account_id)
        where coalesce(q.held, 0) <> coalesce(w.held, 0)
        """;

    const string WithinGrant =
        """
        select 'reservation ' || reservation_id || ': ' || free_units_held || ' free units and ' || amount_held_nanos || ' nanos held, '
            || settled_free_units || ' and ' || settled_nanos || ' settled, of ' || free_units || ' and ' || amount_nanos || ' granted'
            || case when closed_at is null then '' else ', closed' end
        from reservation
        where free_units_held < 0 or amount_held_nanos < 0 or settled_free_units < 0 or settled_nanos < 0
            or free_units_held > free_units - settled_free_units or amount_held_nanos > amount_nanos - settled_nanos
            or (closed_at is not null and (free_units_held <> 0 or amount_held_nanos <> 0))
        """;

    // A hold that was covered may be passed later, by usage that had happened already; then the balance has moved since.
    const string WithinFunds =
        """
        select 'user ' || a.user_id || ': ' || a.held_nanos || ' nanos held, balance ' || a.balance_nanos || ', overdraft limit ' || a.overdraft_limit_nanos
            || ', and nothing has moved since it was set aside'
        from account a
        join (select account_id, max(funds_entry_number) as entry_number from reservation where amount_nanos > 0 group by account_id) r
            on r.account_id = a.account_id and r.entry_number = a.last_entry_number
        where case
            when a.held_nanos <= 0 or a.overdraft_limit_nanos < 0 then false
            when a.balance_nanos < 0 then a.held_nanos > a.balance_nanos + a.overdraft_limit_nanos
            else a.held_nanos - a.balance_nanos > a.overdraft_limit_nanos
            end
        union all
        select 'reservation ' || reservation_id || ': set aside when ' || funds_available_nanos || ' nanos were left'
        from reservation where funds_available_nanos < 0
        """;

    public static Invariant For() => new()
    {
        Name = "holds",
        Counted = "reservations",
        Count = "select count(*) from reservation",
        Violations = [OfAccounts, OfQuotas, WithinGrant, WithinFunds],
    };
}
