using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Billing.Service.Intake;

/// <summary>Reads a usage in one pass, by the names of <see cref="UsageOccurred"/> in any case; other fields are ignored, null counts as absent.</summary>
sealed class UsageFieldsJsonConverter : JsonConverter<UsageFields>
{
    const int UuidLength = 36;
    const string NotUnicode = "(not valid Unicode)";

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
            var name = NameOf(ref reader);
            reader.Read();
            if (reader.TokenType != JsonTokenType.Null) Set(fields, name, ref reader);
            reader.Skip();
        }
        if (!fields.AreReadable || !fields.AreComplete) fields.Raw = RawText(ref start);
        return fields;
    }

    public override void Write(Utf8JsonWriter writer, UsageFields value, JsonSerializerOptions options) =>
        throw new NotSupportedException("What comes in is never sent on.");

    static string NameOf(ref Utf8JsonReader reader)
    {
        // As the contracts spell them; without making a text of each. Escapes may hide what is no Unicode at all.
        if (reader.ValueIsEscaped) return Text(ref reader).ToLowerInvariant();
        if (reader.ValueTextEquals("usageId"u8)) return "usageid";
        if (reader.ValueTextEquals("userId"u8)) return "userid";
        if (reader.ValueTextEquals("service"u8)) return "service";
        if (reader.ValueTextEquals("quantity"u8)) return "quantity";
        if (reader.ValueTextEquals("occurredAt"u8)) return "occurredat";
        if (reader.ValueTextEquals("cost"u8)) return "cost";
        if (reader.ValueTextEquals("reservationId"u8)) return "reservationid";
        return Text(ref reader).ToLowerInvariant();
    }

    static void Set(UsageFields fields, string name, ref Utf8JsonReader reader)
    {
        switch (name)
        {
            case "usageid": fields.UsageId = Id(ref reader); break;
            case "userid": fields.UserId = String(ref reader); break;
            case "service": fields.Service = String(ref reader); break;
            case "quantity": fields.Quantity = WholeNumber(ref reader); break;
            case "cost": fields.Cost = Amount(ref reader); break;
            case "currency": fields.Currency = String(ref reader); break;
            case "occurredat": fields.OccurredAt = Instant(ref reader); break;
            case "reservationid": fields.ReservationId = Id(ref reader); break;
            case "deadline": fields.Deadline = Instant(ref reader); break;
        }
    }

    static Field<Guid> Id(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped && reader.TryGetGuid(out var id)) return Field<Guid>.Read(id);
        var text = Text(ref reader);
        // Its letters are asked as well: white space around it, and 0x within, would be read over.
        var isUuid = text.Length == UuidLength && text.All(letter => char.IsAsciiHexDigit(letter) || letter == '-');
        return reader.TokenType == JsonTokenType.String && isUuid && Guid.TryParseExact(text, "D", out id) ? Field<Guid>.Read(id) : Field<Guid>.Unreadable(text);
    }

    static Field<long> WholeNumber(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) ? Field<long>.Read(number) : Field<long>.Unreadable(Text(ref reader));

    static Field<Money> Amount(ref Utf8JsonReader reader)
    {
        var text = Text(ref reader);
        return reader.TokenType == JsonTokenType.String && Money.TryParse(text, out var amount) ? Field<Money>.Read(amount) : Field<Money>.Unreadable(text);
    }

    static Field<string> String(ref Utf8JsonReader reader)
    {
        var text = Text(ref reader);
        return reader.TokenType == JsonTokenType.String ? Field<string>.Read(text) : Field<string>.Unreadable(text);
    }

    static Field<DateTimeOffset> Instant(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String) return Field<DateTimeOffset>.Unreadable(Text(ref reader));

        var text = reader.ValueIsEscaped ? Text(ref reader) : null;
        var hasOffset = text is null ? HasOffset(reader.ValueSpan) : HasOffset(Encoding.UTF8.GetBytes(text));
        return text != NotUnicode && hasOffset && reader.TryGetDateTimeOffset(out var instant)
            ? Field<DateTimeOffset>.Read(instant)
            : Field<DateTimeOffset>.Unreadable(text ?? Text(ref reader));
    }

    // RFC 3339 wants an offset; a time without one would mean another instant on each machine. The date's own hyphens do not count.
    static bool HasOffset(ReadOnlySpan<byte> text) => text.Length > "2026-11-22"u8.Length && (text[^1] is (byte)'Z' or (byte)'z' || text[10..].ContainsAny((byte)'+', (byte)'-'));

    static string Text(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) return "(not a single value)";
        try
        {
            return reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? reader.GetString()! : Encoding.UTF8.GetString(reader.ValueSpan);
        }
        catch (InvalidOperationException)
        {
            return NotUnicode;
        }
    }

    /// <summary>As it came; a byte that is no Unicode shows as such, and takes nothing else with it.</summary>
    static string RawText(ref Utf8JsonReader start) => Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(JsonElement.ParseValue(ref start)));
}
