using Billing.Demo.Gateway;
using Billing.Demo.Partner;
using Billing.Demo.Recharges;
using Billing.Demo.Replay;
using Billing.Demo.Web;

namespace Billing.Demo.Summary;

/// <summary>All there is to tell of a run.</summary>
/// <param name="Elapsed">From the first delivery until everything confirmed was charged or rejected.</param>
/// <param name="IsQuiet">Whether that came about, or the run gave up waiting.</param>
sealed record RunResult(DemoOptions Options, string Stack, string Currency, GatewayLog Log, Totals Totals, Latency Latency, AuditResult Audit, CacheResult? Cache, LeaseResult Leases, RechargeResult Recharges, ReplayResult? Replay, WebResult Web, KeyResult Keys, TimeSpan Elapsed, bool IsQuiet, int Restarts)
{
    public double UsagesPerSecond => Totals.Charged / Math.Max(Elapsed.TotalSeconds, 0.001);

    public bool Holds => Audit.Holds && Recharges.Holds && Web.Holds && Keys.Holds && Replay is not { Holds: false };

    /// <summary>Usages that were delivered and charged nothing: repeats, and in a replay what an earlier one had charged.</summary>
    public long Duplicates => Log.Duplicates + (Replay is null ? 0 : Math.Max(0, Log.Confirmed - Replay.Charged));
}
