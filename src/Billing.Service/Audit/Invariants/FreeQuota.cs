namespace Billing.Service.Audit.Invariants;

/// <summary>
/// Free units are spent once and never more than were granted: what a quota says is used is what its records took and no
/// reversal gave back, those of records that are gone included, and each record left what it says.
/// </summary>
static class FreeQuota
{
    const string WithinGrant =
        """
        select 'user ' || coalesce(a.user_id, 'of account ' || q.account_id) || ', service ' || q.service_id || ', ' || q.month
            || ': used ' || q.used || ', held ' || q.held || ', granted ' || q.granted
        from free_quota q left join account a on a.account_id = q.account_id
        where case when q.used < 0 or q.held < 0 or q.granted < 0 then true else q.used > q.granted - q.held end
        """;

    const string UsedAsRecorded =
        """
        with spent as (
            select r.account_id, r.service_id, r.quota_month, sum(case when e.operation_id is null then r.free_units else 0 end) as units
            from usage_record r left join ledger_entry e on e.operation_id = r.usage_id and e.kind = 3
            where r.free_units > 0
            group by r.account_id, r.service_id, r.quota_month)
        select problem from (
            select case
                when q.account_id is null then 'account ' || s.account_id || ', service ' || s.service_id || ', ' || s.quota_month || ': free units in records, but no quota'
                when q.used - q.retired_units <> coalesce(s.units, 0)
                    then 'account ' || q.account_id || ', service ' || q.service_id || ', ' || q.month || ': used ' || q.used || ', the records took ' || coalesce(s.units, 0)
                        || ', those that are gone ' || q.retired_units
                end as problem
            from free_quota q
            full join spent s on s.account_id = q.account_id and s.service_id = q.service_id and s.quota_month = q.month) checked
        where problem is not null
        """;

    // Where units were given back, what was left depends on when: only the other quotas are chains. Where records are gone, any of
    // theirs may have been taken before or after.
    const string LeftAsRecorded =
        """
        with moved_otherwise as (
            select r.account_id, r.service_id, r.quota_month from usage_record r
            join ledger_entry e on e.operation_id = r.usage_id and e.kind = 3),
        step as (
            select usage_id, account_id, service_id, quota_month, free_units, free_units_after,
                sum(free_units) over (partition by account_id, service_id, quota_month order by entry_number) as taken
            from usage_record)
        select 'usage ' || s.usage_id || ': it left ' || s.free_units_after || ' free units, ' || s.taken || ' taken up to it of ' || coalesce(q.granted, 0)
        from step s
        left join free_quota q on q.account_id = s.account_id and q.service_id = s.service_id and q.month = s.quota_month
        left join moved_otherwise o on o.account_id = s.account_id and o.service_id = s.service_id and o.quota_month = s.quota_month
        where o.account_id is null
            and (s.free_units_after > coalesce(q.granted, s.taken) - s.taken
                or s.free_units_after < coalesce(q.granted - q.retired_units - q.retired_given_back, s.taken) - s.taken)
        """;

    // What is gone of an account's free units is in the month's quotas.
    const string RetiredAsCarried =
        """
        select 'user ' || coalesce(a.user_id, 'of account ' || coalesce(q.account_id, c.account_id)) || ': its quotas say that ' || coalesce(q.units, 0)
            || ' free units were of records that are gone, carried forward are ' || coalesce(c.free_units, 0)
        from (select account_id, sum(retired_units + retired_given_back) as units from free_quota group by account_id) q
        full join carried_forward c on c.account_id = q.account_id
        left join account a on a.account_id = coalesce(q.account_id, c.account_id)
        where coalesce(q.units, 0) <> coalesce(c.free_units, 0)
        """;

    public static Invariant For() => new()
    {
        Name = "free quota",
        Counted = "quotas",
        Count = "select count(*) from free_quota",
        Violations = [WithinGrant, UsedAsRecorded, LeftAsRecorded, RetiredAsCarried],
    };
}
