namespace Billing.Demo.Traffic;

/// <summary>What a gateway sends at once about usage that has happened.</summary>
/// <param name="Form">One message of one usage, one message of many, or an HTTP request.</param>
/// <param name="Usages">What it carries; a repeat carries the same ones again.</param>
/// <param name="Nonsense">An item among them that is no usage at all.</param>
/// <param name="Plain">Plain JSON on the broker, without MassTransit's envelope.</param>
sealed record Delivery(DeliveryForm Form, IReadOnlyList<DemoUsage> Usages, object? Nonsense = null, bool Plain = false);

enum DeliveryForm
{
    Single,
    Batch,
    Http,
}
