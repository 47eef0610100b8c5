using Billing.Service.Audit.Engines;

namespace Billing.Service.Audit;

/// <summary>Counts beside the invariants: a statement of names and counts each.</summary>
static class Notes
{
    const string Outbox = "select 'events waiting in the outbox', count(*) from outbox_message";

    const string Rejected = "select 'rejected, ' || code, count(*) from rejected_usage group by code order by code";

    // No violation: a rejection claims nothing, so a corrected resend is charged, and a reused id stands beside the first.
    const string RejectedAndCharged =
        """
        select 'rejections of an id that is charged as well', count(*) from usage_record r
        join rejected_usage j on lower(j.usage_id) = cast(r.usage_id as text)
        """;

    const string Retired = "select 'usages whose records were retired', sum(records) from carried_forward having count(*) > 0";

    public static IReadOnlyList<string> For(IAuditEngine engine) => [Outbox, Rejected, RejectedAndCharged, Retired, .. engine.Notes];
}
