using Billing.Service.Charging;
using Billing.Service.Ledger;

namespace Billing.Service.Queries;

static class Services
{
    /// <summary>The id of the service to filter by; null for all of them.</summary>
    public static Refusal? Find(string? service, IRules rules, out int? serviceId)
    {
        serviceId = null;
        if (service is null) return null;
        if (!Name.IsValid(service)) return new(ErrorCodes.InvalidService, $"A service's name is {Name.Rule}.");
        if (rules.Current.Catalogue.Find(service) is not { } offer) return new(ErrorCodes.UnknownService, $"The catalogue has no service '{service}'.");
        serviceId = offer.ServiceId;
        return null;
    }
}
