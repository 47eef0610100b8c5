using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Billing.Service.Intake;

/// <summary>Reads a usage in one pass, by the names of <see cref="UsageOccurred"/> in any case; other fields are ignored.</summary>
sealed class UsageFieldsJsonConverter : JsonConverter<UsageFields>
{
    public override UsageFields Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var start = reader;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return new UsageFields { Raw = RawText(ref start) };
        }

        var fields = new UsageFields();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Text(ref reader);
            reader.Read();
            if (reader.TokenType != JsonTokenType.Null) fields = With(fields, name, ref reader);
            reader.Skip();
        }
        return AllReadable(fields) ? fields : fields with { Raw = RawText(ref start) };
    }

    public override void Write(Utf8JsonWriter writer, UsageFields value, JsonSerializerOptions options) =>
        throw new NotSupportedException("What comes in is never sent on.");

    static UsageFields With(UsageFields fields, string name, ref Utf8JsonReader reader) => name.ToLowerInvariant() switch
    {
        "usageid" => fields with { UsageId = Id(ref reader) },
        "userid" => fields with { UserId = String(ref reader) },
        "service" => fields with { Service = String(ref reader) },
        "quantity" => fields with { Quantity = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var quantity) ? Field<long>.Read(quantity) : Field<long>.Unreadable(Text(ref reader)) },
        "cost" => fields with { Cost = reader.TokenType == JsonTokenType.String && Money.TryParse(Text(ref reader), out var cost) ? Field<Money>.Read(cost) : Field<Money>.Unreadable(Text(ref reader)) },
        "currency" => fields with { Currency = String(ref reader) },
        "occurredat" => fields with { OccurredAt = Instant(ref reader) },
        "deadline" => fields with { Deadline = Instant(ref reader) },
        _ => fields,
    };

    // Text with escapes in it may be no Unicode at all, and then the reader's own way throws.
    static Field<Guid> Id(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped && reader.TryGetGuid(out var id)) return Field<Guid>.Read(id);
        var text = Text(ref reader);
        return reader.TokenType == JsonTokenType.String && Guid.TryParseExact(text, "D", out id) ? Field<Guid>.Read(id) : Field<Guid>.Unreadable(text);
    }

    static Field<string> String(ref Utf8JsonReader reader)
    {
        var text = Text(ref reader);
        return reader.TokenType == JsonTokenType.String ? Field<string>.Read(text) : Field<string>.Unreadable(text);
    }

    // RFC 3339 wants an offset; a time without one would mean another instant on each machine.
    static Field<DateTimeOffset> Instant(ref Utf8JsonReader reader)
    {
        var text = Text(ref reader);
        return reader.TokenType == JsonTokenType.String && HasOffset(text) && reader.TryGetDateTimeOffset(out var instant)
            ? Field<DateTimeOffset>.Read(instant)
            : Field<DateTimeOffset>.Unreadable(text);
    }

    static bool HasOffset(string text) => text.Length > 10 && (text[^1] is 'Z' or 'z' || text.AsSpan(10).ContainsAny('+', '-'));

    static string Text(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) return "(not a single value)";
        try
        {
            return reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? reader.GetString()! : Encoding.UTF8.GetString(reader.ValueSpan);
        }
        catch (InvalidOperationException)
        {
            return "(not valid Unicode)";
        }
    }

    static bool AllReadable(UsageFields fields) =>
        Fine(fields.UsageId) && Fine(fields.UserId) && Fine(fields.Service) && Fine(fields.Quantity) && Fine(fields.Cost)
        && Fine(fields.Currency) && Fine(fields.OccurredAt) && Fine(fields.Deadline);

    static bool Fine<T>(Field<T> field) => field.IsReadable || !field.IsPresent;

    static string RawText(ref Utf8JsonReader start)
    {
        try
        {
            return JsonElement.ParseValue(ref start).GetRawText();
        }
        catch (InvalidOperationException)
        {
            return "(not valid Unicode)";
        }
    }
}
