using System.Globalization;
using Billing.Contracts;
using Billing.Demo.Recharges;
using Billing.Demo.Replay;

namespace Billing.Demo.Summary;

/// <summary>The run for somebody who sees the product for the first time.</summary>
static class SummaryText
{
    const int ProblemsShown = 20;

    public static void Write(RunResult run, TextWriter output)
    {
        var (log, totals, currency) = (run.Log, run.Totals, run.Currency);
        void Line(string name, FormattableString figure, FormattableString meaning) =>
            output.WriteLine($"  {name,-20}{figure.ToString(CultureInfo.InvariantCulture),16}  {meaning.ToString(CultureInfo.InvariantCulture)}".TrimEnd());

        output.WriteLine();
        output.WriteLine($"  {run.Stack}");
        output.WriteLine();
        Line("confirmed", $"{log.Confirmed:#,0}", $"usages that the broker has taken, or the service has answered");
        Line("charged", $"{totals.Charged:#,0}", $"each exactly once{Beyond(run)}");
        Line("rejected", $"{totals.Rejected.Values.Sum():#,0}", $"sent wrong on purpose, kept with their reason:");
        foreach (var (code, count) in totals.Rejected.OrderByDescending(row => row.Value).ThenBy(row => row.Key, StringComparer.Ordinal))
            Line("", $"", $"{count,7:#,0}  {code}");
        Line("duplicates refused", $"{run.Duplicates:#,0}", $"delivered again, alone, in their batch or regrouped: charged nothing");
        Line("free units", $"{totals.FreeUnits:#,0}", $"paid by the month's free quotas");
        Line("amount", $"{totals.Amount:#,0.00}", $"{currency} paid by the balances");
        Line("in debt", $"{totals.AccountsInDebt:#,0}", $"accounts, {totals.Debt:#,0.00} {currency} in all: they had used more than they had paid for");
        Line("deductions", $"{log.Deductions - log.DeductionsRefused:#,0}", $"calls paid before they were made; {Refusals(run)}");
        Line("leased", $"{log.Leased:#,0}", $"calls answered inside their gateway, under {run.Leases.Taken:#,0} leases; {log.NotLeased.Values.Sum():#,0} refused{Reasons(log.NotLeased)}; {run.Leases.Open:#,0} leases still hold funds");
        Line("speed", $"{run.UsagesPerSecond:#,0}", $"usages/s; from publishing to being charged p50 {run.Latency.P50Ms:#,0.#} ms, p99 {run.Latency.P99Ms:#,0.#} ms");
        if (run.Replay is { } replay) Replayed(replay, Line);
        Recharges(run.Recharges, currency, Line);
        Line("web page", $"{run.Web.Answers:#,0}", $"answers to {run.Web.Visits:#,0} visits, p50 {run.Web.P50Ms:#,0.#} ms, p99 {run.Web.P99Ms:#,0.#} ms; {run.Web.Unanswered:#,0} visits without one");
        Line("partner", $"{run.Keys.Accounts:#,0}", $"users made ready for their API key, before and while they called");
        if (run.Restarts > 0) Line("restarts", $"{run.Restarts}", $"of a service that had ended unasked");
        if (log.Abandoned > 0) Line("unanswered", $"{log.Abandoned:#,0}", $"deliveries given up after 30 s; nothing was promised for them. The last trouble: {log.LastTrouble}");
        if (!run.IsQuiet) output.WriteLine("  The run gave up waiting for usage that is neither charged nor rejected, or for recharges that are not at their end.");

        output.WriteLine();
        output.WriteLine($"  recharges: {(run.Recharges.Holds ? "every payment is credited once, kept for review, or unmatched" : "VIOLATED")}");
        foreach (var problem in run.Recharges.Problems) output.WriteLine($"    {problem}");
        output.WriteLine($"  web page: {(run.Web.Holds ? "every answer agrees with every other" : $"VIOLATED, {run.Web.Problems.Count} inconsistencies")}");
        foreach (var problem in run.Web.Problems.Take(ProblemsShown)) output.WriteLine($"    {problem}");
        output.WriteLine($"  partner: {(run.Keys.Holds ? "every user made ready has one account" : "VIOLATED")}");
        foreach (var problem in run.Keys.Problems.Take(ProblemsShown)) output.WriteLine($"    {problem}");
        if (run.Replay is { } replayed) Verdict(replayed, output);
        if (run.Cache is { } cache)
        {
            output.WriteLine($"  cache: {(cache.Agrees ? "Redis agrees with the database" : "Redis differs from the database, as it may for a minute after a service was killed")}");
            foreach (var line in cache.Lines) output.WriteLine($"    {line}");
        }
        output.WriteLine($"  audit: {(run.Audit.Holds ? "holds" : "VIOLATED")}");
        // Its own verdict, the last line, says the same again.
        foreach (var line in run.Audit.Lines.Where(line => !line.StartsWith("audit: holds", StringComparison.Ordinal))) output.WriteLine($"    {line}");
    }

    static void Recharges(RechargeResult recharges, string currency, Action<string, FormattableString, FormattableString> line)
    {
        if (recharges.Started == 0) return;
        line("recharges", $"{recharges.Started:#,0}", $"started by users, every second payment misbehaves; how they ended:");
        foreach (var (state, count) in recharges.ByState) line("", $"", $"{count,7:#,0}  {state}");
        foreach (var (reason, count) in recharges.Unmatched) line("", $"", $"{count,7:#,0}  kept in unmatched_payments: {reason}");
        line("credited", $"{recharges.Credited.ToDecimal():#,0.00}", $"{currency}, each payment once, {recharges.Late:#,0} of them late; {recharges.Refunded.ToDecimal():#,0.00} taken back for refunds");
        line("operator", $"{recharges.Resolved + recharges.Assigned:#,0}", $"decisions: {recharges.Resolved} in review credited, {recharges.Assigned} unmatched given to its user");
    }

    static void Replayed(ReplayResult replay, Action<string, FormattableString, FormattableString> line)
    {
        line("recording", $"{replay.Plan.Survey.Calls:#,0}", $"calls in {replay.Plan.Survey.Lines:#,0} lines; {replay.Plan.Survey.Malformed.Count:#,0} malformed ones were not sent");
        line("", $"", $"{replay.ChargedBefore:#,0} of them were charged before this run, {replay.Charged:#,0} by it");
    }

    static void Verdict(ReplayResult replay, TextWriter output)
    {
        output.WriteLine(replay switch
        {
            { IsWhole: false } => $"  replay: ended early after {replay.Sent} of {replay.Plan.Survey.Calls} calls; the same command on the same data sends the rest",
            { Holds: true } => $"  replay: the database and the file agree on all {replay.Totals.Count} totals per user and service",
            _ => $"  replay: VIOLATED, {replay.Problems.Count} totals per user and service are not those of the file",
        });
        foreach (var problem in replay.Problems.Take(ProblemsShown)) output.WriteLine($"    {problem}");
        if (replay.Problems.Count > ProblemsShown) output.WriteLine($"    and {replay.Problems.Count - ProblemsShown} more; --report has them all");
    }

    // What was given up may have arrived all the same: it is charged without having been confirmed.
    static string Beyond(RunResult run) => run.Replay is null && run.Totals.Charged - (run.Log.Confirmed - run.Log.Wrong) is > 0 and var more
        ? string.Create(CultureInfo.InvariantCulture, $"; {more:#,0} of them arrived although their answer did not come back")
        : "";

    static string Reasons(IReadOnlyDictionary<string, long> counts) => counts.Count == 0 ? "" : $" ({string.Join(", ", counts.OrderByDescending(row => row.Value).Select(row => row.Key))})";

    static string Refusals(RunResult run) => string.Create(CultureInfo.InvariantCulture,
        $"{run.Log.DeductionsRefused:#,0} more refused ({ErrorCodes.InsufficientFunds}), {run.Log.CallsStopped:#,0} not tried after a check said no");
}
