using System.Collections.Frozen;

namespace Billing.Service.Charging;

/// <summary>The services on sale, with every version of their prices and free quotas. Immutable: a change is another catalogue.</summary>
/// <param name="version">The number that the database gives it; every change has the next one.</param>
public sealed class Catalogue(long version, IEnumerable<ServiceOffer> services)
{
    public static readonly Catalogue Empty = new(0, []);

    readonly FrozenDictionary<string, ServiceOffer> _byName = services.ToFrozenDictionary(service => service.Name, StringComparer.Ordinal);

    public long Version { get; } = version;

    public IReadOnlyCollection<ServiceOffer> Services => _byName.Values;

    public int NextServiceId => Services.Select(service => service.ServiceId).DefaultIfEmpty().Max() + 1;

    public ServiceOffer? Find(string service) => _byName.GetValueOrDefault(service);
}
