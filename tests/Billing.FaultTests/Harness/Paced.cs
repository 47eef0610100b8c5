namespace Billing.FaultTests.Harness;

static class Paced
{
    /// <summary>True after the pause; false as soon as it is time to finish.</summary>
    public static async Task<bool> Next(TimeSpan pause, CancellationToken finish)
    {
        if (finish.IsCancellationRequested) return false;
        await Task.Delay(pause, finish).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !finish.IsCancellationRequested;
    }
}
