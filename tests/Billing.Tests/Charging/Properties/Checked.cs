using FsCheck;
using FsCheck.Fluent;

namespace Billing.Tests.Charging.Properties;

/// <summary>
/// Runs a property. A failure prints its replay as "(seed,gamma)"; <c>BILLING_REPLAY=seed,gamma</c> runs that very case again.
/// </summary>
static class Checked
{
    public static void Holds<T>(Arbitrary<T> inputs, Action<T> property, int tests = 300)
    {
        var config = Config.QuickThrowOnFailure.WithMaxTest(tests);
        if (Environment.GetEnvironmentVariable("BILLING_REPLAY")?.Split(',') is [var seed, var gamma])
            config = config.WithReplay(ulong.Parse(seed), ulong.Parse(gamma));
        Check.One(config, Prop.ForAll(inputs, property));
    }

    /// <summary>Lists of what a generator makes; a failing one is made shorter by leaving out a half, a quarter, one.</summary>
    public static Arbitrary<T[]> Lists<T>(Gen<T> item) => Arb.From(item.ArrayOf(), Shorter);

    static IEnumerable<T[]> Shorter<T>(T[] list)
    {
        for (var cut = list.Length / 2; cut > 0; cut /= 2)
        {
            for (var from = 0; from + cut <= list.Length; from += cut) yield return [.. list[..from], .. list[(from + cut)..]];
        }
    }
}
