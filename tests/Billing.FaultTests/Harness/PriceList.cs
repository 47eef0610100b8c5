using System.Globalization;
using System.Numerics;

namespace Billing.FaultTests.Harness;

/// <summary>The prices of the shipped catalogue, written down a second time: a model that read them from the product would repeat its mistakes.</summary>
static class PriceList
{
    static readonly BigInteger NanosPerUnit = 1_000_000_000;

    static readonly Dictionary<string, (BigInteger Nanos, long PerUnits, long FreeUnits)> Catalogue = new()
    {
        ["chat"] = (150_000_000, 1_000, 10_000),
        ["image"] = (40_000_000, 1, 5),
        ["ocr"] = (1_500_000, 1, 100),
        ["search"] = (2_000_000, 1, 0),
    };

    public static bool IsChargeable(SentUsage usage) => usage.Quantity > 0 && (Catalogue.ContainsKey(usage.Service) || usage.Service == "llm");

    public static long FreeUnits(string service) => Catalogue.TryGetValue(service, out var offer) ? offer.FreeUnits : 0;

    public static BigInteger Cost(SentUsage usage) => Catalogue.TryGetValue(usage.Service, out var offer)
        ? RoundHalfUp(offer.Nanos * usage.Quantity, offer.PerUnits)
        : new BigInteger(decimal.Parse(usage.Cost!, CultureInfo.InvariantCulture) * (decimal)NanosPerUnit);

    /// <summary>What the balance pays when some of the units are paid.</summary>
    public static BigInteger Amount(BigInteger cost, long paidUnits, long quantity) => RoundHalfUp(cost * paidUnits, quantity);

    static BigInteger RoundHalfUp(BigInteger numerator, BigInteger denominator) => (2 * numerator + denominator) / (2 * denominator);
}
