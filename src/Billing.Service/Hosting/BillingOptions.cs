namespace Billing.Service.Hosting;

/// <summary>What a deployment decides once. Bound from the configuration section <c>Billing</c>.</summary>
public sealed class BillingOptions
{
    public const string Section = "Billing";

    /// <summary>ISO 4217 code of the one billing currency. The database remembers it: it cannot change later.</summary>
    public string Currency { get; set; } = "USD";

    /// <summary>IANA name of the zone whose months free quotas follow. The database remembers it too.</summary>
    public string TimeZone { get; set; } = "UTC";

    /// <summary>The catalogue of the first start; a relative path starts at the program's folder.</summary>
    public string CatalogueFile { get; set; } = "catalogue.json";

    /// <summary>The database file of the embedded default; a relative path starts at the working folder.</summary>
    public string DataFile { get; set; } = "data/billing.db";
}
