namespace Billing.Contracts;

/// <summary>One version of a service's price. Records of usage name it.</summary>
public sealed record ServicePrice
{
    public required long Version { get; init; }
    public required Money Amount { get; init; }
    public required long PerUnits { get; init; }

    /// <summary>The price of what occurs from then on, until the next version.</summary>
    public required DateTimeOffset EffectiveFrom { get; init; }
}
