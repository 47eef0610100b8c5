using System.Text.Json;
using System.Text.Json.Serialization;
using Billing.Demo.Traffic;

namespace Billing.Demo.Gateway;

/// <summary>How usage looks on the broker and over HTTP.</summary>
static class WireFormat
{
    public const string EnvelopeType = "application/vnd.masstransit+json";
    public const string PlainType = "application/json";

    const string Usage = "Billing.Contracts:UsageOccurred";
    const string Batch = "Billing.Contracts:UsageBatch";

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static string ExchangeOf(Delivery delivery) => delivery.Form == DeliveryForm.Single ? Usage : Batch;

    public static byte[] Body(Delivery delivery, Guid messageId, DateTimeOffset sentAt)
    {
        object message = delivery.Form == DeliveryForm.Single ? delivery.Usages[0].Message : new { items = Items(delivery) };
        return JsonSerializer.SerializeToUtf8Bytes(
            delivery.Plain ? message : new { messageId, messageType = new[] { $"urn:message:{ExchangeOf(delivery)}" }, sentTime = sentAt, message }, Json);
    }

    /// <summary>The usages, with the nonsense in their middle.</summary>
    public static List<object> Items(Delivery delivery)
    {
        List<object> items = [.. delivery.Usages.Select(usage => usage.Message)];
        if (delivery.Nonsense is { } nonsense) items.Insert(items.Count / 2, nonsense);
        return items;
    }
}
