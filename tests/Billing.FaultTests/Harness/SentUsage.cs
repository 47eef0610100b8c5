using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Billing.FaultTests.Harness;

/// <summary>A usage as the gateway sends it, in the plain JSON that any language can write.</summary>
sealed record SentUsage(Guid UsageId, string UserId, string Service, long Quantity, string? Cost, DateTimeOffset OccurredAt)
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public const string CsvHeader = "id,user,service,quantity,cost,occurred_at";

    public string CsvLine => string.Create(CultureInfo.InvariantCulture, $"{UsageId},{UserId},{Service},{Quantity},{Cost},{OccurredAt:O}");

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    public static byte[] ToJson(IReadOnlyList<SentUsage> usages) => JsonSerializer.SerializeToUtf8Bytes(usages, Json);

    /// <summary>The body of a <c>UsageBatch</c>.</summary>
    public static byte[] ToBatch(IReadOnlyList<SentUsage> usages) => JsonSerializer.SerializeToUtf8Bytes(new { items = usages }, Json);
}
