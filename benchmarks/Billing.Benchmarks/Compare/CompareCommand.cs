using System.CommandLine;
using Billing.Benchmarks.Plans;

namespace Billing.Benchmarks.Compare;

static class CompareCommand
{
    public static Command Create()
    {
        var seconds = new Option<double>("--seconds") { Description = "How long each measurement runs, after its warm-up.", DefaultValueFactory = _ => 10 };
        var rounds = new Option<int>("--rounds") { Description = "How often each is measured, turn by turn.", DefaultValueFactory = _ => 3 };
        var seed = new Option<int>("--seed") { Description = "Of the load.", DefaultValueFactory = _ => 42 };
        var json = new Option<FileInfo?>("--json") { Description = "Where everything is written, each round of it." };
        var only = new Option<string[]>("--only") { Description = $"The parts to run: {string.Join(", ", Parts.Names)}.", AllowMultipleArgumentsPerToken = true };
        only.AcceptOnlyFromAmong([.. Parts.Names]);
        var like = new Option<string[]>("--like") { Description = "Only contenders with one of these in their name, or as their name, and what they are compared with.", AllowMultipleArgumentsPerToken = true };
        var records = new Option<int>("--records") { Description = "How many records there are already, where that is measured.", DefaultValueFactory = _ => 500_000 };
        var identities = new Option<int>("--identities") { Description = "How many usage ids without a time there are already, where that is measured.", DefaultValueFactory = _ => 1_000_000 };
        var minutes = new Option<double>("--minutes") { Description = "For how long the memory is watched.", DefaultValueFactory = _ => 1 };
        var compare = new Command("compare", "Limits, plans and ours side by side; exit code 0 only if the audit of every run of ours holds.") { seconds, rounds, seed, json, only, like, records, identities, minutes };
        compare.SetAction(async (parsed, _) => await Comparison.Run(new ComparisonOptions
        {
            Duration = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
            Rounds = parsed.GetValue(rounds),
            Seed = parsed.GetValue(seed),
            Json = parsed.GetValue(json),
            Only = parsed.GetValue(only) ?? [],
            Like = parsed.GetValue(like) ?? [],
            Records = parsed.GetValue(records),
            Identities = parsed.GetValue(identities),
            MemoryFor = TimeSpan.FromMinutes(parsed.GetValue(minutes)),
        }));
        return compare;
    }

    /// <summary>The parts of a comparison that are processes of their own.</summary>
    public static IEnumerable<Command> Children()
    {
        var emptyUsage = new Command(EmptyUsage.Verb, "What charging is compared with.") { Hidden = true };
        emptyUsage.SetAction(async (_, _) => await EmptyUsage.Run());
        yield return emptyUsage;
        var plan = new Command(PlanProcess.Verb, "Another plan, to be killed amid its load.") { Hidden = true };
        plan.SetAction(async (_, _) => await PlanProcess.Run());
        yield return plan;
    }
}
