namespace Billing.Service.Batching;

public enum Urgency
{
    /// <summary>Usage that has happened: throughput counts.</summary>
    Bulk,

    /// <summary>Someone waits for the answer.</summary>
    Interactive,
}
