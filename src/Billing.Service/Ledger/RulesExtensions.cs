using Billing.Service.Charging;

namespace Billing.Service.Ledger;

static class RulesExtensions
{
    /// <summary>The rules in force, for who does not charge: in memory they may be seconds old, but that a service is unknown only the database's can say.</summary>
    public static async ValueTask<ChargingRules> CurrentFor(this IRules rules, IEnumerable<string?> services, CancellationToken cancellationToken)
    {
        var catalogue = rules.Current.Catalogue;
        if (services.Any(service => Name.IsValid(service) && catalogue.Find(service!) is null)) await rules.Refresh(cancellationToken);
        return rules.Current;
    }
}
