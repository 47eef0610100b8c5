using System.Collections.Frozen;

namespace Billing.Service.Charging;

/// <summary>The services on sale, with every version of their prices and free quotas. Immutable: a change is another catalogue.</summary>
public sealed class Catalogue(IEnumerable<ServiceOffer> services)
{
    public static readonly Catalogue Empty = new([]);

    readonly FrozenDictionary<string, ServiceOffer> _byName = services.ToFrozenDictionary(service => service.Name, StringComparer.Ordinal);

    public IReadOnlyCollection<ServiceOffer> Services => _byName.Values;

    public ServiceOffer? Find(string service) => _byName.GetValueOrDefault(service);
}
