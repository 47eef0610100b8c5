using System.Text.Json;
using System.Text.Json.Serialization;

namespace Billing.Service.Webhooks;

/// <summary>Something to tell, in the bytes that are signed and sent to everybody who wants to know.</summary>
/// <param name="EventId">The id of the message that told this service: the same however often it is delivered.</param>
/// <param name="UserId">Whose account it is about; null for what concerns operators alone.</param>
sealed record WebhookEvent(Guid EventId, string Type, string? UserId, string Body)
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static WebhookEvent Of(Guid eventId, string type, string? userId, DateTimeOffset timestamp, object data) =>
        new(eventId, type, userId, JsonSerializer.Serialize(new { type, timestamp = timestamp.ToUniversalTime(), data }, Json));
}
