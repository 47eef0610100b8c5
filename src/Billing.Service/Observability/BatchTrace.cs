using System.Diagnostics;
using Billing.Service.Batching;
using Billing.Service.Charging;

namespace Billing.Service.Observability;

/// <summary>
/// One span for a batch, which belongs to many traces at once: to a single one as its child, to several by links. While nobody listens
/// it is null, and costs one question.
/// </summary>
static class BatchTrace
{
    // What collectors take of one span.
    const int LinksMax = 128;

    public static Activity? Start(IReadOnlyList<Pending> batch, Urgency urgency)
    {
        if (!Telemetry.Source.HasListeners()) return null;

        var origins = batch.Select(pending => pending.Submission.Origin).Where(origin => origin != default).Distinct().Take(LinksMax).ToList();
        // Whatever the lane did last is not what caused this.
        Activity.Current = null;
        var span = Telemetry.Source.StartActivity("charge batch", ActivityKind.Internal, origins.Count == 1 ? origins[0] : default, tags: null, links: origins.Select(origin => new ActivityLink(origin)));
        span?.SetTag("billing.batch.urgency", urgency == Urgency.Bulk ? "bulk" : "interactive");
        span?.SetTag("billing.batch.size", batch.Count);
        return span;
    }

    /// <summary>By recharge, who asked for what the ledger will answer by messages of its own.</summary>
    public static IReadOnlyDictionary<Guid, ActivityContext>? OfRecharges(IReadOnlyList<Pending> batch)
    {
        if (!Telemetry.Source.HasListeners()) return null;

        var origins = new Dictionary<Guid, ActivityContext>();
        foreach (var pending in batch)
        {
            if (pending.Submission.Origin == default) continue;
            if (pending.Operation is CreditRecharge credit) origins[credit.RechargeId] = pending.Submission.Origin;
            if (pending.Operation is TakeBackCredit refund) origins[refund.RechargeId] = pending.Submission.Origin;
        }
        return origins;
    }
}
