using System.Globalization;

namespace Billing.TestSupport.Fuzzing;

/// <summary>How much a run tries, and from which seed: BILLING_FUZZ_COUNT and BILLING_FUZZ_SEED; without them a moderate run of its own each time.</summary>
public static class Fuzz
{
    const int CountDefault = 100_000;

    /// <summary>Inputs of a whole run, of which each test takes its share.</summary>
    public static int Count { get; } = Number("BILLING_FUZZ_COUNT") ?? CountDefault;

    public static int Seed { get; } = Number("BILLING_FUZZ_SEED") ?? (int)(TimeProvider.System.GetTimestamp() & 0x7FFF_FFFF);

    /// <summary>What to say with every failure, so that it can be had again.</summary>
    public static string Again => $"again with BILLING_FUZZ_SEED={Seed} BILLING_FUZZ_COUNT={Count}";

    static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
