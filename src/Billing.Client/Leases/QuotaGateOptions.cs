using Billing.Client.Leases;

namespace Billing.Client;

/// <summary>How leases are taken; the section "Billing:Gate" of the configuration.</summary>
public sealed class QuotaGateOptions
{
    public const string Section = "Billing:Gate";

    /// <summary>How long a lease hands out calls, 2 s to 1 h in whole seconds: how long calls go on while the service is away.</summary>
    public TimeSpan LeaseTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A lease stops this much before its time, counted on this machine's clocks from before its request: 0 to half of the lease's time.</summary>
    public TimeSpan SafetyMargin { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The fewest units of a lease while funds suffice, 1 to 1,000,000,000.</summary>
    public long UnitsMin { get; set; } = 10;

    /// <summary>The most units of a lease, 1 to 1,000,000,000. A call of more than that gets a lease of its own size.</summary>
    public long UnitsMax { get; set; } = 1_000_000;

    /// <summary>The first lease of a user is for this many calls like the one that asks, 1 to 10,000: the rate is not known yet.</summary>
    public int FirstCalls { get; set; } = 10;

    /// <summary>A lease takes at most one part in so many of what the funds still cover, 1 to 100, so that several gateways share the last calls.</summary>
    public int FundsShare { get; set; } = 4;

    /// <summary>The next lease is asked for when this share of units or time is left, 0 to 0.9.</summary>
    public double RenewAt { get; set; } = 0.3;

    /// <summary>A lease that nobody used for so long goes back, 0.1 s and more.</summary>
    public TimeSpan IdleAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a refusal is remembered, 0.1 to 60 s: a user who recharged waits no longer than that.</summary>
    public TimeSpan RefusalFor { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Users and services with leases at a time, 1 and more. Beyond it each call is asked for by itself.</summary>
    public int KeysMax { get; set; } = 100_000;

    /// <summary>What becomes of calls that no lease covers while the service does not answer.</summary>
    public WhenUnavailable WhenUnavailable { get; set; } = WhenUnavailable.Refuse;

    /// <summary>For services priced by the gateway: what one unit costs at most, in the billing currency; by the service's name.</summary>
    public Dictionary<string, decimal> MaxUnitCosts { get; } = [];

    /// <summary>How long the end of the program waits for calls under way and for the leases' release, 0 to 60 s.</summary>
    public TimeSpan ShutdownWait { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>What is wrong with them and what would be right; nothing when they are well.</summary>
    internal string? Problem() => this switch
    {
        _ when LeaseTime < TimeSpan.FromSeconds(2) || LeaseTime > TimeSpan.FromHours(1) => $"{Section}:LeaseTime is from 00:00:02 to 01:00:00.",
        _ when LeaseTime.Ticks % TimeSpan.TicksPerSecond != 0 => $"{Section}:LeaseTime is in whole seconds.",
        _ when SafetyMargin < TimeSpan.Zero || SafetyMargin > LeaseTime / 2 => $"{Section}:SafetyMargin is from 0 to half of LeaseTime.",
        _ when UnitsMin is < 1 or > Lease.QuantityMax || UnitsMax < UnitsMin || UnitsMax > Lease.QuantityMax => $"{Section}:UnitsMin and UnitsMax are from 1 to 1000000000, the second not below the first.",
        _ when FirstCalls is < 1 or > 10_000 => $"{Section}:FirstCalls is from 1 to 10000.",
        _ when FundsShare is < 1 or > 100 => $"{Section}:FundsShare is from 1 to 100.",
        _ when RenewAt is not (>= 0 and <= 0.9) => $"{Section}:RenewAt is from 0 to 0.9.",
        _ when IdleAfter < TimeSpan.FromSeconds(0.1) => $"{Section}:IdleAfter is 00:00:00.1 or more.",
        _ when RefusalFor < TimeSpan.FromSeconds(0.1) || RefusalFor > TimeSpan.FromMinutes(1) => $"{Section}:RefusalFor is from 00:00:00.1 to 00:01:00.",
        _ when KeysMax < 1 => $"{Section}:KeysMax is 1 or more.",
        _ when !Enum.IsDefined(WhenUnavailable) => $"{Section}:WhenUnavailable is Refuse or Allow.",
        _ when ShutdownWait < TimeSpan.Zero || ShutdownWait > TimeSpan.FromMinutes(1) => $"{Section}:ShutdownWait is from 0 to 00:01:00.",
        _ => BadCost(),
    };

    string? BadCost()
    {
        foreach (var (service, cost) in MaxUnitCosts)
        {
            if (cost is <= 0 or > 1_000_000 || decimal.Round(cost, 9) != cost) return $"{Section}:MaxUnitCosts:{service} is more than 0, up to 1000000, with at most nine places.";
        }
        return null;
    }
}
