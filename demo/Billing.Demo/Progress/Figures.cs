namespace Billing.Demo.Progress;

/// <summary>How the run stands.</summary>
/// <param name="Phase">What the run is doing.</param>
/// <param name="Handled">Usages that stand in the database, charged or rejected.</param>
/// <param name="Waiting">Confirmed and not yet in the database.</param>
/// <param name="PerSecond">Usages that came into the database per second, lately.</param>
/// <param name="Delay">From publishing to charging, as the service says; null when it does not answer.</param>
sealed record Figures(string Phase, TimeSpan Elapsed, long Confirmed, long Handled, long Waiting, double PerSecond, TimeSpan? Delay)
{
    public string DelayText => Delay is { } delay ? $"{delay.TotalMilliseconds:#,0} ms" : "no answer";
}
