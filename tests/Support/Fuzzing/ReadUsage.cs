using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Billing.TestSupport.Fuzzing;

/// <summary>
/// A usage as the documentation says it is read, written down a second time and in another way: the independent model that the doors are
/// compared with. It shares no code with them.
/// </summary>
public sealed partial record ReadUsage
{
    public required Guid UsageId { get; init; }
    public required string UserId { get; init; }
    public required string Service { get; init; }
    public required long Quantity { get; init; }
    public required decimal? Cost { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
    public required Guid? ReservationId { get; init; }

    /// <summary>Whether it is JSON at all; and the usage, unless something is wrong with its shape.</summary>
    /// <param name="body">The bytes that came.</param>
    /// <param name="currency">The billing currency.</param>
    /// <param name="generously">As the broker's reader does: an empty body is an object without fields, comments and a last comma may stand.</param>
    public static (bool IsJson, ReadUsage? Usage) From(byte[] body, string currency, bool generously = false)
    {
        if (generously && body.Length == 0) return (true, null);
        try
        {
            using var document = JsonDocument.Parse(body, generously ? new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true } : default);
            return (true, document.RootElement.ValueKind == JsonValueKind.Object ? From(document.RootElement, currency) : null);
        }
        catch (JsonException)
        {
            return (false, null);
        }
    }

    /// <summary>At most 35 days back and 5 minutes ahead, and so is the time that a UUID of version 7 begins with.</summary>
    public bool IsInTime(DateTimeOffset now)
    {
        var id = UsageId.ToString("N");
        var carriesTime = id[12] == '7' && "89ab".Contains(id[16]);
        var milliseconds = long.Parse(id[..12], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return Is(OccurredAt.ToUnixTimeMilliseconds()) && (!carriesTime || Is(milliseconds));

        bool Is(long time) => time >= now.AddDays(-35).ToUnixTimeMilliseconds() && time <= now.AddMinutes(5).ToUnixTimeMilliseconds();
    }

    static ReadUsage? From(JsonElement body, string currency)
    {
        var fields = new Dictionary<string, JsonElement>();
        foreach (var property in body.EnumerateObject())
        {
            if (Name(property) is { } name && property.Value.ValueKind != JsonValueKind.Null) fields[name] = property.Value;
        }

        if (Id("usageid") is not { } usageId || Text("userid", NamePattern()) is not { } userId || Text("service", NamePattern()) is not { } service) return null;
        if (!fields.TryGetValue("quantity", out var number) || number.ValueKind != JsonValueKind.Number || !number.TryGetInt64(out var quantity) || quantity is < 1 or > 1_000_000_000) return null;
        if (Text("occurredat", TimePattern()) is null || !fields["occurredat"].TryGetDateTimeOffset(out var occurredAt)) return null;

        decimal? cost = null;
        if (fields.ContainsKey("cost"))
        {
            if (Text("cost", CostPattern()) is not { } text || decimal.Parse(text, CultureInfo.InvariantCulture) is var amount && amount is < 0 or > 9_223_372_036.854775807m) return null;
            cost = amount;
        }
        if (fields.ContainsKey("currency") && Text("currency", AnyPattern()) != currency) return null;
        if (fields.ContainsKey("reservationid") && Id("reservationid") is null) return null;
        return new ReadUsage { UsageId = usageId, UserId = userId, Service = service, Quantity = quantity, Cost = cost, OccurredAt = occurredAt, ReservationId = fields.ContainsKey("reservationid") ? Id("reservationid") : null };

        string? Text(string name, Regex pattern)
        {
            try
            {
                return fields.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { } text && pattern.IsMatch(text) ? text : null;
            }
            catch (InvalidOperationException)
            {
                return null;
            }
        }

        Guid? Id(string name) => Text(name, IdPattern()) is { } text && Guid.Parse(text) is var id && id != Guid.Empty ? id : null;
    }

    static string? Name(JsonProperty property)
    {
        try
        {
            return property.Name.ToLowerInvariant();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9._@:/?=&%+-]{1,128}\z")]
    internal static partial Regex NamePattern();

    [GeneratedRegex(@"^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\z")]
    internal static partial Regex IdPattern();

    [GeneratedRegex(@"^-?[0-9]{1,10}(\.[0-9]{1,9})?\z")]
    internal static partial Regex CostPattern();

    [GeneratedRegex(@"^....-..-...*([Zz]|[+-][0-9:]+)\z")]
    internal static partial Regex TimePattern();

    [GeneratedRegex("")]
    internal static partial Regex AnyPattern();
}
