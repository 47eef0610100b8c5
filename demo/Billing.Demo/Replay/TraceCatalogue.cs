using System.Text.Json;
using System.Text.Json.Serialization;
using Billing.Contracts;
using Billing.Demo.Summary;
using Billing.Service.Catalogues;
using Billing.Service.Charging;
using Billing.Service.Ledger;

namespace Billing.Demo.Replay;

/// <summary>The services of a recording, for the catalogue.</summary>
static class TraceCatalogue
{
    /// <summary>What a call of an access log costs beyond the free ones of the month.</summary>
    public static readonly Money CallPrice = Money.Parse("0.001");

    public const long FreeCalls = 10;

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
    };

    /// <summary>The catalogue of a first start: the service's own, and what the recording calls. Where both have a name, it is the recording's.</summary>
    public static void Write(ReplayPlan plan, string path)
    {
        var own = CatalogueFile.Read(Path.Combine(AppContext.BaseDirectory, "catalogue.json"));
        var entries = own.Services.Where(entry => !plan.Survey.Services.Contains(entry.Service)).Concat(Entries(plan));
        File.WriteAllText(path, JsonSerializer.Serialize(new CatalogueFile { Services = [.. entries] }, Json));
    }

    public static IEnumerable<CatalogueFile.Entry> Entries(ReplayPlan plan) => plan.Survey.Services.Select(service => plan.File.Format.HasCosts
        ? new CatalogueFile.Entry { Service = service, PricedBy = PricedBy.Gateway }
        : new CatalogueFile.Entry { Service = service, PricedBy = PricedBy.Catalogue, Price = new CatalogueFile.Price { Amount = CallPrice }, FreeUnits = FreeCalls });

    /// <summary>What the catalogue in force lacks for this recording.</summary>
    public static async Task<IReadOnlyList<RegisterService>> Missing(ReplayPlan plan, IDatabase database, CancellationToken cancellationToken)
    {
        var known = (await database.Read("select name, priced_by from service", reader => (Name: reader.GetString(0), PricedBy: (PricedBy)reader.GetInt16(1)), cancellationToken))
            .ToDictionary(service => service.Name, service => service.PricedBy, StringComparer.Ordinal);
        var entries = Entries(plan).ToList();
        if (entries.Find(entry => known.TryGetValue(entry.Service, out var pricedBy) && pricedBy != entry.PricedBy) is { } other)
            throw new DemoFailure($"The recording's service '{other.Service}' is in the catalogue already, and is not priced by the {other.PricedBy.ToString().ToLowerInvariant()} there: replay it on other data.");
        return [.. entries.Where(entry => !known.ContainsKey(entry.Service)).Select(Registration)];
    }

    static RegisterService Registration(CatalogueFile.Entry entry) => new()
    {
        OperationId = DerivedId.Of("demo service", entry.Service),
        Service = entry.Service,
        PricedBy = entry.PricedBy.ToString().ToLowerInvariant(),
        Price = entry.Price is { } price ? new UnitAmount { Amount = price.Amount, PerUnits = price.PerUnits } : null,
        FreeUnits = entry.FreeUnits,
        Actor = "demo",
        Reason = "A recording calls it.",
    };
}
