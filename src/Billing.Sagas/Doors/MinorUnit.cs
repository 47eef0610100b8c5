namespace Billing.Sagas.Doors;

/// <summary>The smallest amount that can be paid in a currency, by ISO 4217: a hundredth unless it is listed otherwise.</summary>
static class MinorUnit
{
    static readonly HashSet<string> Whole = ["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"];
    static readonly HashSet<string> Thousandths = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];

    public static Money Of(string currency) => new(Money.NanosPerUnit / (Whole.Contains(currency) ? 1 : Thousandths.Contains(currency) ? 1_000 : 100));
}
