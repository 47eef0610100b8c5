namespace Billing.Demo.Traffic;

/// <summary>How much traffic is due by when: a steady stream, and in one second of five a burst of three times as much.</summary>
static class LoadCurve
{
    const double Period = 5, BurstFrom = 3, BurstLength = 1, BurstFactor = 3;
    const double MeanFactor = (Period - BurstLength + BurstLength * BurstFactor) / Period;

    /// <summary>Usages due in the first seconds of a run; over whole periods it comes to the rate.</summary>
    public static double DueAfter(double seconds, double rate)
    {
        var periods = Math.Floor(seconds / Period);
        var within = seconds - periods * Period;
        var inBurst = Math.Clamp(within - BurstFrom, 0, BurstLength);
        return rate * (periods * Period + (within + inBurst * (BurstFactor - 1)) / MeanFactor);
    }
}
