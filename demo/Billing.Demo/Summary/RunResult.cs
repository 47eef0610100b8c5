using Billing.Demo.Gateway;
using Billing.Demo.Recharges;

namespace Billing.Demo.Summary;

/// <summary>All there is to tell of a run.</summary>
/// <param name="Elapsed">From the first delivery until everything confirmed was charged or rejected.</param>
/// <param name="IsQuiet">Whether that came about, or the run gave up waiting.</param>
sealed record RunResult(DemoOptions Options, string Stack, string Currency, GatewayLog Log, Totals Totals, Latency Latency, AuditResult Audit, RechargeResult Recharges, TimeSpan Elapsed, bool IsQuiet, int Restarts)
{
    public double UsagesPerSecond => Totals.Charged / Math.Max(Elapsed.TotalSeconds, 0.001);

    public bool Holds => Audit.Holds && Recharges.Holds;
}
