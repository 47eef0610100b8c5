using Billing.Service.Audit.Engines;
using Billing.Service.Audit.Invariants;

namespace Billing.Service.Audit;

/// <summary>The list of what is proven, in the order of the report.</summary>
static class AllInvariants
{
    public static IReadOnlyList<Invariant> For(IAuditEngine engine, bool published) =>
    [
        Conservation.For(engine),
        RunningChain.For(engine),
        FreeQuota.For(),
        AtMostOnce.For(engine),
        Prices.For(engine),
        Operations.For(),
        Reversals.For(engine),
        LoggedActs.For(),
        CreditsAndRefunds.For(),
        PaidRecharges.For(engine),
        Holds.For(),
        RollUps.For(engine),
        RetiredDays.For(),
        .. published ? [NothingLost.For(engine)] : Array.Empty<Invariant>(),
    ];
}
