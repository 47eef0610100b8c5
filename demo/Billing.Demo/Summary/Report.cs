using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Billing.Demo.Summary;

/// <summary>The run as JSON, for programs.</summary>
static class Report
{
    static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Write(RunResult run, string path)
    {
        var (log, totals) = (run.Log, run.Totals);
        File.WriteAllText(path, JsonSerializer.Serialize(new Dictionary<string, object?>
        {
            ["confirmed"] = log.Confirmed,
            ["charged"] = totals.Charged,
            ["duplicate"] = run.Duplicates,
            ["rejected"] = totals.Rejected,
            ["free_units"] = totals.FreeUnits,
            ["amount"] = totals.Amount.ToString("0.00#######", CultureInfo.InvariantCulture),
            ["seconds"] = Math.Round(run.Elapsed.TotalSeconds, 3),
            ["usages_per_second"] = Math.Round(run.UsagesPerSecond, 1),
            ["p50_ms"] = run.Latency.P50Ms,
            ["p99_ms"] = run.Latency.P99Ms,
            ["audit"] = run.Holds ? "holds" : "violated",
            ["audit_lines"] = run.Audit.Lines,
            ["quiet"] = run.IsQuiet,
            ["currency"] = run.Currency,
            ["latency_sample"] = run.Latency.Sampled,
            ["deliveries"] = log.Deliveries,
            ["deliveries_abandoned"] = log.Abandoned,
            ["attempts_without_confirmation"] = log.Retries,
            ["last_trouble"] = log.LastTrouble ?? "",
            ["deductions"] = new { answered = log.Deductions, refused = log.DeductionsRefused, checks = log.Checks, stopped_by_check = log.CallsStopped },
            ["leased_calls"] = new { granted = log.Leased, refused = log.NotLeased, leases = run.Leases.Taken, still_open = run.Leases.Open, run.Leases.LateUnits },
            ["cache_agrees"] = run.Cache?.Agrees,
            ["recharges"] = new
            {
                run.Recharges.Started,
                run.Recharges.ByState,
                run.Recharges.Late,
                Credited = run.Recharges.Credited.ToString(),
                Refunded = run.Recharges.Refunded.ToString(),
                run.Recharges.Unmatched,
                run.Recharges.Resolved,
                run.Recharges.Assigned,
                run.Recharges.Problems,
            },
            ["replay"] = run.Replay is { } replay ? ReplayReport.Of(replay) : null,
            ["web"] = new { run.Web.Answers, run.Web.Unanswered, run.Web.Visits, run.Web.CheckedAtTheEnd, Inconsistencies = run.Web.Problems.Count, run.Web.Problems, run.Web.P50Ms, run.Web.P99Ms },
            ["partner"] = new { run.Keys.Accounts, run.Keys.Problems },
            ["accounts_in_debt"] = totals.AccountsInDebt,
            ["debt"] = totals.Debt.ToString("0.00#######", CultureInfo.InvariantCulture),
            ["service_restarts"] = run.Restarts,
            ["run"] = new
            {
                stack = run.Options.Servers ? "servers" : "embedded",
                run.Options.Seconds,
                run.Options.Rate,
                run.Options.Users,
                run.Options.Duplicates,
                run.Options.Shuffle,
                run.Options.Seed,
                run.Options.Connections,
                run.Options.Instances,
                run.Options.Gateways,
                run.Options.Recharges,
            },
        }, Json));
    }
}
