using System.Globalization;
using System.Text.Json;

namespace Billing.Sagas.Doors;

/// <summary>The fields of a JSON object, each with its rule; the first that breaks one is remembered. Names match in any case.</summary>
sealed class Fields(JsonElement body)
{
    public string? Problem { get; private set; } = body.ValueKind == JsonValueKind.Object ? null : "a notification is a JSON object";

    public void Wrong(string what) => Problem ??= what;

    public Guid RechargeId()
    {
        if (Find("rechargeId") is { ValueKind: JsonValueKind.String } value && value.TryGetGuid(out var id) && id != Guid.Empty) return id;
        Wrong("rechargeId is the UUID of CreatePayment");
        return Guid.Empty;
    }

    public string Id(string name)
    {
        if (Find(name) is { ValueKind: JsonValueKind.String } value && value.GetString() is { } id && Names.IsValid(id)) return id;
        Wrong($"{name} is {Names.Rule}");
        return "";
    }

    public Money Amount()
    {
        if (Find("amount") is { ValueKind: JsonValueKind.String } value && Money.TryParse(value.GetString(), out var amount) && amount > Money.Zero) return amount;
        Wrong("amount is a decimal string of more than zero, \"12.34\", not 12.34");
        return Money.Zero;
    }

    public string Currency()
    {
        if (Find("currency") is { ValueKind: JsonValueKind.String } value && value.GetString() is { Length: 3 } currency && currency.All(char.IsAsciiLetterUpper)) return currency;
        Wrong("currency is an ISO 4217 code, such as \"USD\"");
        return "";
    }

    public string Text(string name, int lengthMax)
    {
        if (OptionalText(name, lengthMax) is { } text) return text;
        Wrong($"{name} is missing");
        return "";
    }

    public string? OptionalText(string name, int lengthMax)
    {
        if (Find(name) is not { ValueKind: not JsonValueKind.Null } value) return null;
        if (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: >= 1 } text && text.Length <= lengthMax && !text.Any(character => char.IsControl(character) || char.IsSurrogate(character))) return text;
        Wrong($"{name} is a text of 1 to {lengthMax} printable characters");
        return null;
    }

    public DateTimeOffset? OptionalTime(string name)
    {
        if (Find(name) is not { ValueKind: not JsonValueKind.Null } value) return null;
        if (value.ValueKind == JsonValueKind.String && DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) return time.ToUniversalTime();
        Wrong($"{name} is an RFC 3339 time with its offset");
        return null;
    }

    /// <summary>The last of this name; spelt as documented it goes before any other spelling.</summary>
    JsonElement? Find(string name)
    {
        if (body.ValueKind != JsonValueKind.Object) return null;
        JsonElement? exact = null, other = null;
        foreach (var property in body.EnumerateObject())
        {
            // A name that is no text is none of these, and costs nobody the fields beside it.
            if (TextOf(property) is not { } text || !text.Equals(name, StringComparison.OrdinalIgnoreCase)) continue;
            if (text == name) exact = property.Value;
            else other ??= property.Value;
        }
        var found = exact ?? other;
        if (found is not { ValueKind: JsonValueKind.String } value || IsText(value)) return found;

        Wrong($"{name} is no valid Unicode");
        return null;
    }

    static string? TextOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair: JSON lets it pass, text does not.
            return null;
        }
    }

    static bool IsText(JsonElement value)
    {
        try
        {
            return value.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
