using Billing.Service.Audit.Engines;

namespace Billing.Service.Audit.Invariants;

/// <summary>
/// Every record costs what its price version says, that version was in force when the usage occurred (or was charged, if its sender's clock ran ahead), the balance paid exactly
/// its share, and the free quota was the month's in the deployment's time zone.
/// </summary>
static class Prices
{
    public static Invariant For(IAuditEngine engine) => new()
    {
        Name = "prices",
        Counted = "records",
        Count = "select count(*) from usage_record",
        Violations =
        [
            $"""
            with version as (
                select service_id, version, amount_nanos, per_units, effective_from,
                    lead(effective_from) over (partition by service_id order by effective_from, version) as effective_until
                from price)
            select 'usage ' || usage_id || ': ' || problem from (
                select r.usage_id, case
                    when s.service_id is null then 'service ' || r.service_id || ' does not exist'
                    when r.amount_nanos is distinct from {engine.RoundHalfUp("r.cost_nanos", "r.quantity - r.free_units", "r.quantity")}
                        then r.amount_nanos || ' nanos paid of ' || r.cost_nanos || ', for ' || (r.quantity - r.free_units) || ' of ' || r.quantity || ' units'
                    when r.quota_month <> {engine.MonthOf("r.occurred_at")} then 'quota month ' || r.quota_month || ', it occurred in ' || {engine.MonthOf("r.occurred_at")}
                    when s.priced_by = 2 then
                        case when r.price_version <> 0 then 'the gateway priced it, yet it names price version ' || r.price_version end
                    when v.version is null then 'price version ' || r.price_version || ' does not exist'
                    when r.cost_nanos is distinct from {engine.RoundHalfUp("v.amount_nanos", "r.quantity", "v.per_units")}
                        then r.quantity || ' units cost ' || r.cost_nanos || ' nanos at ' || v.amount_nanos || ' per ' || v.per_units
                    when r.priced_at < v.effective_from or r.priced_at >= v.effective_until
                        then 'price version ' || r.price_version || ' was not in force when it occurred'
                    end as problem
                from (select *, case when occurred_at < charged_at then occurred_at else charged_at end as priced_at from usage_record) r
                left join service s on s.service_id = r.service_id
                left join version v on v.service_id = r.service_id and v.version = r.price_version) checked
            where problem is not null
            """,
        ],
    };
}
