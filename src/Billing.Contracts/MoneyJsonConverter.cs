using System.Text.Json;
using System.Text.Json.Serialization;

namespace Billing.Contracts;

/// <summary>Writes and reads <see cref="Money"/> as a decimal string; a JSON number is refused, since many readers would round it.</summary>
public sealed class MoneyJsonConverter : JsonConverter<Money>
{
    public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Money.TryParse(reader.GetString(), out var money)
            ? money
            : throw new JsonException("An amount is a decimal string with at most nine places: send \"12.34\", not 12.34.");

    public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
