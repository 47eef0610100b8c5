using Billing.Service.Ledger;

namespace Billing.Demo.Replay;

/// <summary>The replay of one recording, from the first look into the database to the last.</summary>
sealed class ReplayRun(ReplayPlan plan, ReplayTraffic traffic, IDatabase database)
{
    ReplayBooks? _before;

    /// <summary>Usages of the recording that were charged before this run.</summary>
    public long ChargedBefore => _before?.Charged ?? 0;

    /// <summary>Looks what is charged already, and refuses times that would contradict it.</summary>
    public async Task Begin(CancellationToken cancellationToken)
    {
        _before = await ReplayBooks.Of(database, plan, cancellationToken);
        if (_before.Any is not { } known) return;
        var recorded = plan.File.Lines().First(line => line.Number == known.Line).Call!.Value.At;
        if (plan.Timeline.Shifted(recorded) == known.OccurredAt) return;
        var hint = plan.Timeline.IsCompressed ? "the anchor of that replay" : $"--anchor {ReplayMemory.Text(known.OccurredAt + (plan.Survey.Last - recorded))}";
        throw new DemoFailure($"This database has charged {_before.Charged} usages of the recording at other times. Take the --data of that replay, or {hint}.");
    }

    public async Task<ReplayResult> Result(CancellationToken cancellationToken)
    {
        var books = await ReplayBooks.Of(database, plan, cancellationToken);
        var isWhole = traffic.Sent == plan.Survey.Calls;
        // Of a replay that was ended early the file cannot say what is charged.
        var problems = isWhole ? ReplayCheck.Problems(ReplayCheck.Expected(FileCount.Of(plan, books.Zone), books), books.Totals) : [];
        return new ReplayResult(plan, traffic.Sent, ChargedBefore, books.Charged - ChargedBefore, isWhole, books.Totals, problems);
    }
}

/// <summary>What became of a replay.</summary>
/// <param name="Sent">Calls handed to the gateway, repeats not counted.</param>
/// <param name="IsWhole">Whether all were, or the run was ended early.</param>
sealed record ReplayResult(
    ReplayPlan Plan, long Sent, long ChargedBefore, long Charged, bool IsWhole, IReadOnlyDictionary<UserService, CallTotals> Totals, IReadOnlyList<string> Problems)
{
    public bool Holds => Problems.Count == 0;

    public CallTotals Sum => Totals.Values.Aggregate(default(CallTotals), (sum, totals) => sum + totals);
}
