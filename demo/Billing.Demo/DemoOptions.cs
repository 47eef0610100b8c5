using Billing.Demo.Replay;

namespace Billing.Demo;

/// <summary>What the command line asks for.</summary>
sealed record DemoOptions
{
    /// <summary>How long traffic is sent.</summary>
    public required int Seconds { get; init; }

    /// <summary>New usages offered per second, on average.</summary>
    public required int Rate { get; init; }

    public required int Users { get; init; }

    /// <summary>Share of deliveries, counted in usages, that repeat an earlier one; below 1.</summary>
    public required double Duplicates { get; init; }

    public required bool Shuffle { get; init; }

    public required int Seed { get; init; }

    /// <summary>Connections on which mistakes and messages of other make are published.</summary>
    public required int Connections { get; init; }

    /// <summary>Processes of the service, on one database, broker and cache.</summary>
    public required int Instances { get; init; }

    /// <summary>Gateways, each with the client library.</summary>
    public required int Gateways { get; init; }

    /// <summary>Recharges that users start while the traffic goes on.</summary>
    public required int Recharges { get; init; }

    public required FileInfo? Report { get; init; }

    public required FileInfo? Published { get; init; }

    public required bool Servers { get; init; }

    /// <summary>A recording to replay instead of traffic that is made up.</summary>
    public required ReplayOptions? Replay { get; init; }

    /// <summary>Where the databases stay for the next run; null: they are thrown away.</summary>
    public required string? Data { get; init; }

    /// <summary>Whether the run's folder stays.</summary>
    public required bool Keep { get; init; }
}
