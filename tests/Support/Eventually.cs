using System.Diagnostics;

namespace Billing.TestSupport;

/// <summary>Waits for something that happens by itself, and fails with the last value seen.</summary>
public static class Eventually
{
    public static readonly TimeSpan Within = TimeSpan.FromSeconds(30);
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static async Task<T> That<T>(Func<Task<T>> read, Func<T, bool> condition, string expectation, TimeSpan? within = null)
    {
        var limit = within ?? Within;
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var seen = await read();
            if (condition(seen)) return seen;
            if (waited.Elapsed > limit) throw new Xunit.Sdk.XunitException($"Within {limit.TotalSeconds:0.#} s it was not so that {expectation}; last seen: {seen}");
            await Task.Delay(Pause);
        }
    }
}
