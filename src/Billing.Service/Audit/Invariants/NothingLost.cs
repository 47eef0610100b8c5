using Billing.Service.Audit.Engines;
using Billing.Service.Audit.Published;

namespace Billing.Service.Audit.Invariants;

/// <summary>
/// Everything that was confirmed to the gateway is charged as it was published, or stands in <c>rejected_usage</c> for the same
/// user and service. Both may be true of one id: a rejection claims nothing, so what was corrected is charged. Of a usage that may
/// have been retired nothing can be said.
/// </summary>
static class NothingLost
{
    const string Malformed = $"select 'line ' || line || ': ' || problem from {PublishedTable.Name} where problem is not null order by line";

    static string LostOrChanged(IAuditEngine engine) =>
        $"""
        with wrong as (
            select p.line, p.usage_id, p.user_id, p.service,
                case when r.usage_id is null then 'confirmed, but neither charged nor rejected' else 'charged differently:'
                    || case when a.user_id is distinct from p.user_id then ' user ' || coalesce(a.user_id, 'none') || ' instead of ' || p.user_id else '' end
                    || case when s.name is distinct from p.service then ' service ' || coalesce(s.name, 'none') || ' instead of ' || p.service else '' end
                    || case when r.quantity <> p.quantity then ' quantity ' || r.quantity || ' instead of ' || p.quantity else '' end
                    || case when r.cost_nanos <> p.cost_nanos then ' cost ' || r.cost_nanos || ' nanos instead of ' || p.cost_nanos else '' end
                    || case when p.cost_nanos is null and s.priced_by = 2 then ' cost ' || r.cost_nanos || ' nanos, but none was published' else '' end
                    || case when r.occurred_at <> p.occurred_at then ' occurred ' || r.occurred_at || ' instead of ' || p.occurred_at else '' end
                    end as problem
            from {PublishedTable.Name} p
            left join usage_record r on r.usage_id = p.usage_id
            left join account a on a.account_id = r.account_id
            left join service s on s.service_id = r.service_id
            where p.problem is null and not (r.usage_id is null and {MayBeRetired(engine)}) and (r.usage_id is null or a.user_id is distinct from p.user_id or s.name is distinct from p.service
                or r.quantity <> p.quantity or r.cost_nanos <> p.cost_nanos or (p.cost_nanos is null and s.priced_by = 2) or r.occurred_at <> p.occurred_at)),
        rejected as (select distinct lower(usage_id) as usage_id, user_id, service from rejected_usage)
        select 'line ' || min(w.line) || ': usage ' || w.usage_id || ': ' || w.problem
        from wrong w
        left join rejected j on j.usage_id = cast(w.usage_id as text)
            and (j.user_id is null or j.user_id = w.user_id) and (j.service is null or j.service = w.service)
        where j.usage_id is null
        group by w.usage_id, w.problem
        order by min(w.line)
        """;

    public static Invariant For(IAuditEngine engine) => new()
    {
        Name = "nothing lost",
        Counted = "published lines",
        Count = $"select count(*) from {PublishedTable.Name}",
        Violations = [Malformed, LostOrChanged(engine)],
    };

    // The day of a record whose id carries no time is that of its charge, which is gone with it: the first that it may have been counts.
    static string MayBeRetired(IAuditEngine engine) =>
        $"""
        case when substr(cast(p.usage_id as text), 15, 1) = '7' and substr(cast(p.usage_id as text), 20, 1) in ('8', '9', 'a', 'b')
            then {engine.DayInside("p.usage_id")} in (select day from retired_day)
            else coalesce({engine.FirstDayOfCharge("p.occurred_at")} <= (select max(day) from retired_day), false) end
        """;
}
