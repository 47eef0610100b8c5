namespace Billing.Demo.Traffic;

/// <summary>Through which doors the usages go, as shares that sum to one.</summary>
sealed record TrafficMix(double Singles, double Batches, double Http, double Deductions)
{
    /// <summary>A gateway beside a broker: nearly all in batches.</summary>
    public static readonly TrafficMix Servers = new(Singles: 0.08, Batches: 0.80, Http: 0.09, Deductions: 0.03);

    /// <summary>Everything in one process, where HTTP is the door with the strongest answer.</summary>
    public static readonly TrafficMix Embedded = new(Singles: 0.10, Batches: 0.35, Http: 0.47, Deductions: 0.08);
}
