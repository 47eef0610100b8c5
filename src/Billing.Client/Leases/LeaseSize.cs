namespace Billing.Client.Leases;

/// <summary>How many units the next lease asks for.</summary>
static class LeaseSize
{
    /// <summary>A burst of a moment says little about the next half minute: a lease grows by no more than this at a time.</summary>
    const long GrowthMax = 4;

    /// <param name="least">What the largest call that waits needs; a lease is never smaller.</param>
    /// <param name="waiting">What all calls that wait need together.</param>
    /// <param name="pace">What was handed out lately; null when nothing was.</param>
    /// <param name="affordable">What the funds still cover, as far as that is known.</param>
    public static long Of(long least, long waiting, Pace? pace, long? affordable, QuotaGateOptions options)
    {
        var wanted = pace is { } known ? Math.Min((long)(known.UnitsPerSecond * options.LeaseTime.TotalSeconds), known.LastSize * GrowthMax) : least * options.FirstCalls;
        var size = Math.Clamp(Math.Max(wanted, waiting), options.UnitsMin, options.UnitsMax);
        return Math.Max(least, affordable is { } funds ? Math.Min(size, OfFunds(funds, waiting, options)) : size);
    }

    /// <summary>A part of what is left, so that several gateways share the last calls and none sits on them; but calls that wait are served.</summary>
    public static long OfFunds(long affordable, long waiting, QuotaGateOptions options) => Math.Max(Math.Min(waiting, affordable), affordable / options.FundsShare);

    /// <param name="LastSize">The units of the last lease.</param>
    public readonly record struct Pace(double UnitsPerSecond, long LastSize);
}
