namespace Billing.FaultTests.Harness;

static class Eventually
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Looks until it holds; fails with what was seen last.</summary>
    public static async Task<T> That<T>(string what, Func<Task<T>> look, Func<T, bool> holds, TimeSpan within)
    {
        using var deadline = new CancellationTokenSource(within);
        while (true)
        {
            var seen = await look();
            if (holds(seen)) return seen;
            if (deadline.IsCancellationRequested) throw new TimeoutException($"Not within {within.TotalSeconds:0} s: {what}. Seen last: {seen}");
            await Task.Delay(Pause);
        }
    }

    public static Task<T> That<T>(string what, Func<T> look, Func<T, bool> holds, TimeSpan within) => That(what, () => Task.FromResult(look()), holds, within);
}
