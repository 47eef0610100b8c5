using Billing.Demo.Replay;

namespace Billing.Demo.Summary;

/// <summary>A replay as JSON.</summary>
static class ReplayReport
{
    public static object Of(ReplayResult replay) => new
    {
        File = replay.Plan.Options.File,
        Sha256 = replay.Plan.File.Id.Hash,
        Format = replay.Plan.File.Format.Recipe,
        Anchor = ReplayMemory.Text(replay.Plan.Timeline.Anchor),
        Compressed = replay.Plan.Timeline.IsCompressed,
        replay.Plan.Survey.Lines,
        replay.Plan.Survey.LinesWithoutCall,
        replay.Plan.Survey.Calls,
        Malformed = replay.Plan.Survey.Malformed,
        replay.Sent,
        replay.ChargedBefore,
        replay.Charged,
        replay.IsWhole,
        Agrees = replay.Holds,
        replay.Problems,
        Users = replay.Plan.Survey.Users.Count,
        Services = replay.Plan.Survey.Services.Count,
        Sum = Line(replay.Sum),
        Totals = from total in replay.Totals orderby total.Key.User, total.Key.Service select new { total.Key.User, total.Key.Service, total.Value.Usages, total.Value.Quantity, total.Value.FreeUnits, total.Value.PaidUnits, Amount = ReplayCheck.Amount(total.Value.AmountNanos) },
    };

    static object Line(CallTotals totals) => new { totals.Usages, totals.Quantity, totals.FreeUnits, totals.PaidUnits, Amount = ReplayCheck.Amount(totals.AmountNanos) };
}
