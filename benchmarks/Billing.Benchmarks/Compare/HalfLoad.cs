namespace Billing.Benchmarks.Compare;

/// <summary>Half of what the service takes of batches on this machine, found by a run of its own.</summary>
static class HalfLoad
{
    static double? _usagesPerSecond;

    public static async Task<double> Of(Stage stage)
    {
        if (_usagesPerSecond is { } known) return known;
        await using var run = await ServiceUnderLoad.Start(stage, new LoadShape(), round: 2_000);
        await Task.Delay(stage.Options.WarmUp);
        var full = await run.Window(stage.Options.Duration);
        var verdict = await run.Finish();
        if (!verdict.IsRight) throw new InvalidOperationException(verdict.Says);
        _usagesPerSecond = full.PerSecond!.Value / 2;
        Console.Error.WriteLine($"half load: {_usagesPerSecond:N0} usages/s");
        return _usagesPerSecond.Value;
    }
}
