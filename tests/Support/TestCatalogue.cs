using System.Text.Json;
using Billing.Service.Catalogues;

namespace Billing.TestSupport;

/// <summary>The services on sale in the tests, written down once for the service and once more, in plain numbers, for the auditor.</summary>
public static class TestCatalogue
{
    /// <summary>0.04 each, 5 free.</summary>
    public const string Image = "image";

    /// <summary>0.15 per 1,000, 10,000 free.</summary>
    public const string Chat = "chat";

    /// <summary>0.002 each, nothing free.</summary>
    public const string Search = "search";

    /// <summary>The gateway names the cost; nothing free.</summary>
    public const string Llm = "llm";

    /// <summary>The gateway names the cost; 3 free, so that a cost is split and rounded.</summary>
    public const string Video = "video";

    static readonly Dictionary<string, Offer> Offers = new()
    {
        [Image] = new(40_000_000, 1, 5),
        [Chat] = new(150_000_000, 1_000, 10_000),
        [Search] = new(2_000_000, 1, 0),
        [Llm] = new(null, 1, 0),
        [Video] = new(null, 1, 3),
    };

    public static Offer Of(string service) => Offers[service];

    public static IEnumerable<string> Services => Offers.Keys;

    /// <summary>The file that the service reads at its first start.</summary>
    public static async Task<string> Write(string folder)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, "catalogue.json");
        await File.WriteAllTextAsync(path, JsonSerializer.Serialize(new
        {
            services = Offers.Select(offer => new
            {
                service = offer.Key,
                pricedBy = offer.Value.AmountNanos is null ? "gateway" : "catalogue",
                price = offer.Value.AmountNanos is { } amount ? new { amount = new Money(amount), perUnits = offer.Value.PerUnits } : null,
                freeUnits = offer.Value.FreeUnits,
            }),
        }));
        return path;
    }

    public static async Task<CatalogueFile> Read()
    {
        var folder = Directory.CreateTempSubdirectory("billing-catalogue-");
        try
        {
            return CatalogueFile.Read(await Write(folder.FullName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <param name="AmountNanos">Null when the gateway prices.</param>
    public sealed record Offer(long? AmountNanos, long PerUnits, long FreeUnits);
}
