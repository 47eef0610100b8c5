namespace Billing.Service.Hosting;

/// <summary>How much the service takes from the broker at once. Bound from the configuration section <c>Broker</c>.</summary>
public sealed class BrokerOptions
{
    public const string Section = "Broker";

    /// <summary>Single usages unacknowledged at once; their handlers only wait for a commit that they share.</summary>
    public int UsagePrefetch { get; set; } = 2_000;

    /// <summary>Batches of usages unacknowledged at once, each of some hundred usages: two lanes' transactions in work, and as much again to come. More only waits in memory.</summary>
    public int UsageBatchPrefetch { get; set; } = 32;

    /// <summary>Requests unacknowledged at once, for each kind of request.</summary>
    public int RequestPrefetch { get; set; } = 512;

    /// <summary>Messages of recharges unacknowledged at once, for each queue: each is a transaction of its own.</summary>
    public int RechargePrefetch { get; set; } = 16;

    /// <summary>Events for webhooks unacknowledged at once: each that somebody wants is a write of its own.</summary>
    public int AlertPrefetch { get; set; } = 16;

    /// <summary>How long a message that met an unavailable database rests before it goes back to its queue.</summary>
    public TimeSpan RequeueDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often it is looked whether the bus hears and can send: after 12 looks in a row with the same trouble the process ends.</summary>
    public TimeSpan LookAtBusEvery { get; set; } = TimeSpan.FromSeconds(5);
}
