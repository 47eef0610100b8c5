namespace Billing.Benchmarks.Compare;

/// <summary>Ours, by messages from the broker.</summary>
static class BrokerContenders
{
    static readonly TimeSpan KillAfter = TimeSpan.FromSeconds(3);

    public static Contender Of(Stage stage, string part, string name, LoadShape shape, string? comparedWith = null, bool kill = false) => new(part, name, "usages", round => Measure(stage, shape, round))
    {
        IsOurs = true,
        ComparedWith = comparedWith,
        Kill = kill ? () => Kill(stage, shape) : null,
    };

    static async Task<Measured> Measure(Stage stage, LoadShape shape, int round)
    {
        await using var run = await ServiceUnderLoad.Start(stage, shape, round);
        await Task.Delay(stage.Options.WarmUp);
        var measured = await run.Window(stage.Options.Duration);
        return measured with { Verdict = await run.Finish() };
    }

    static async Task<string> Kill(Stage stage, LoadShape shape)
    {
        await using var run = await ServiceUnderLoad.Start(stage, shape, round: 1_000);
        return await run.Kill(KillAfter);
    }
}
