using Billing.Service.Charging;
using Billing.Service.Ledger;

namespace Billing.Service.Catalogues;

/// <summary>Answers <see cref="GetCatalogue"/> and <see cref="GetService"/> for every door.</summary>
public sealed class CatalogueAnswers(IRules rules, ILedgerStore ledger, TimeProvider time)
{
    public async Task<CatalogueStatus> Get(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (await Refresh(cancellationToken) is { } away) return new CatalogueStatus { Code = away.Code, Detail = away.Detail, Currency = rules.Currency, AsOf = now };

        var current = rules.Current;
        return new CatalogueStatus
        {
            CatalogueVersion = current.Catalogue.Version,
            Services = [.. current.Catalogue.Services.OrderBy(offer => offer.Name, StringComparer.Ordinal).Select(offer => Status(offer, current, now))],
            Currency = rules.Currency,
            AsOf = now,
        };
    }

    public async Task<ServiceStatus> Get(string? service, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (!Name.IsValid(service)) return No(new(ErrorCodes.InvalidService, $"A service's name is {Name.Rule}."));
        if (await Refresh(cancellationToken) is { } away) return No(away);

        var current = rules.Current;
        return current.Catalogue.Find(service!) is { } offer ? Status(offer, current, now) : No(new(ErrorCodes.UnknownService, $"The catalogue has no service '{service}'."));

        ServiceStatus No(Refusal refusal) => new() { Service = service ?? "", Code = refusal.Code, Detail = refusal.Detail, Currency = rules.Currency, AsOf = now };
    }

    internal static ServicePrice Price(PriceVersion price) =>
        new() { Version = price.Version, Amount = price.Price.Amount, PerUnits = price.Price.PerUnits, EffectiveFrom = price.From };

    internal static ServiceFreeQuota FreeQuota(FreeQuotaVersion quota) => new() { Version = quota.Version, FreeUnits = quota.Units, FromMonth = $"{quota.FromMonth:yyyy-MM}" };

    internal static string Word(PricedBy pricedBy) => pricedBy == PricedBy.Gateway ? "gateway" : "catalogue";

    /// <summary>What another instance has just changed is shown by this one, too. Null when the catalogue in memory is the database's.</summary>
    async Task<Refusal?> Refresh(CancellationToken cancellationToken)
    {
        try
        {
            await rules.Refresh(cancellationToken);
            return null;
        }
        catch (Exception exception) when (ledger.Classify(exception) == FailureKind.Unavailable)
        {
            return new(ErrorCodes.DatabaseUnavailable, "The database is not available; ask again.");
        }
    }

    ServiceStatus Status(ServiceOffer offer, ChargingRules current, DateTimeOffset now)
    {
        var price = offer.PriceAt(now);
        var month = current.Calendar.MonthOf(now);
        return new ServiceStatus
        {
            Service = offer.Name,
            PricedBy = Word(offer.PricedBy),
            Price = price is null ? null : Price(price),
            PricesToCome = [.. offer.Prices.Where(version => version.From > now).Select(Price)],
            PricesBefore = [.. offer.Prices.Where(version => version.From <= now && version != price).Select(Price)],
            FreeQuota = offer.FreeQuotaIn(month) is { } quota ? FreeQuota(quota) : null,
            // Of a month that was planned twice, the version that counts.
            FreeQuotasToCome = [.. offer.FreeQuotas.Where(version => version.FromMonth > month).GroupBy(version => version.FromMonth).Select(planned => FreeQuota(planned.Last()))],
            CatalogueVersion = current.Catalogue.Version,
            Currency = rules.Currency,
            AsOf = now,
        };
    }
}
