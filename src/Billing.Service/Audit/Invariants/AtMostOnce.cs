using Billing.Service.Audit.Engines;

namespace Billing.Service.Audit.Invariants;

/// <summary>
/// No usage id is charged twice, and every record lies where its id will be looked for: the day inside a version 7 UUID,
/// otherwise the day that <c>usage_identity</c> remembers. A record lying elsewhere would be charged again by a redelivery.
/// </summary>
static class AtMostOnce
{
    const string Twice =
        "select 'usage ' || usage_id || ': ' || count(*) || ' records' from usage_record group by usage_id having count(*) > 1";

    const string WrongIdentity =
        $"""
        select problem from (
            select case
                when {CarriesTime} then case when i.usage_id is not null then 'usage ' || r.usage_id || ': it carries its time, yet has an identity' end
                when i.usage_id is null then 'usage ' || r.usage_id || ': it carries no time and has no identity'
                when i.day <> r.day then 'usage ' || r.usage_id || ': its record lies in ' || r.day || ', its identity says ' || i.day
                end as problem
            from usage_record r left join usage_identity i on i.usage_id = r.usage_id) checked
        where problem is not null
        """;

    const string IdentityOfNothing =
        """
        select 'usage ' || i.usage_id || ': an identity without a record' from usage_identity i
        left join usage_record r on r.usage_id = i.usage_id where r.usage_id is null
        """;

    const string RejectedAsItself =
        """
        select 'usage ' || j.usage_id || ': rejected as used again with other content, but it is the content that was charged'
        from rejected_usage j join usage_record r on cast(r.usage_id as text) = lower(j.usage_id) and r.content_hash = j.content_hash
        where j.code = 'usage_id_reused'
        """;

    const string CarriesTime = "substr(cast(r.usage_id as text), 15, 1) = '7' and substr(cast(r.usage_id as text), 20, 1) in ('8', '9', 'a', 'b')";

    public static Invariant For(IAuditEngine engine) => new()
    {
        Name = "at most once",
        Counted = "records",
        Count = "select count(*) from usage_record",
        Violations =
        [
            Twice,
            $"""
            select 'usage ' || r.usage_id || ': its record lies in ' || r.day || ', its id says ' || {engine.DayInside("r.usage_id")}
            from usage_record r where {CarriesTime} and r.day <> {engine.DayInside("r.usage_id")}
            """,
            .. engine.KeepsUsageIdentities ? [WrongIdentity, IdentityOfNothing] : Array.Empty<string>(),
            RejectedAsItself,
        ],
    };
}
