namespace Billing.Client;

/// <summary>
/// Each call of this endpoint is usage of a service: its user is asked for before it and charged after it. On controllers and their
/// actions as an attribute, elsewhere by <see cref="BillingEndpoints.Metered"/>. It takes <see cref="BillingEndpoints.UseBilling"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class MeteredAttribute(string service) : Attribute
{
    /// <summary>The service's name in the catalogue.</summary>
    public string Service { get; } = service;

    /// <summary>What a call costs whose handler does not say otherwise, in units, 1 to 1,000,000,000.</summary>
    public long Units { get; init; } = 1;

    /// <summary>Units set aside before the call, where its use is known only afterwards; 0: as many as <see cref="Units"/>.</summary>
    public long Reserve { get; init; }

    internal long Asked => Reserve == 0 ? Units : Reserve;
}
