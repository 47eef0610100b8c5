using System.Text.Json;

namespace Billing.TestSupport.Doors;

/// <summary>Values, as JSON, that hardly any field takes; and texts that are no name of anybody.</summary>
public static class BadValues
{
    /// <summary>Texts as people attack with them, each of which a user id must not be.</summary>
    public static IReadOnlyDictionary<string, string> Texts { get; } = new Dictionary<string, string>
    {
        ["nothing"] = "",
        ["white space"] = " ",
        ["a space before"] = " ann",
        ["SQL"] = "ann'; drop table account; --",
        ["SQL in a comment"] = "ann/**/or/**/1=1;",
        ["Lua"] = "ann') redis.call('FLUSHALL') --",
        ["a hash tag"] = "{ann}",
        ["a format"] = "{0}{UserId}${jndi:ldap://x}",
        ["markup"] = "<script>alert(1)</script>",
        ["a line break"] = "ann\r\nfake: line",
        ["NUL"] = "ann\0",
        ["a control character"] = "ann\u001B[2J",
        ["right to left"] = "ann\u202Enimda",
        ["zero width"] = "a\u200Bnn",
        ["a homoglyph"] = "\u0430nn",
        ["a combining mark"] = "an\u0303n",
        ["full width"] = "\uFF41nn",
        ["an emoji"] = "ann\U0001F600",
        ["a path"] = "..\\..\\etc",
        ["too long by one"] = new('x', 129),
        ["10,000 characters"] = new('x', 10_000),
    };

    /// <summary>Of other types, out of range, or not even text.</summary>
    public static IReadOnlyList<string> Json { get; } =
    [
        "null", "true", "17", "-1", "0", "1.5", "1e30", "1e999", "-0", "99999999999999999999", "2147483648", "9223372036854775807", "{}", "[]", "[[]]", "{\"a\":{\"b\":1}}",
        "\"\"", "\"text\"", "\"NaN\"", "\"Infinity\"", "\"-1\"", "\"1e3\"", "\"9223372036.854775807\"", "\"9223372036.854775808\"", "\"-9223372036.854775808\"", "\"0.0000000001\"",
        "\"00000000-0000-0000-0000-000000000000\"", "\"0001-01-01T00:00:00Z\"", "\"9999-12-31T23:59:59.9999999Z\"", "\"0001-01-01T00:00:00+14:00\"", "\"9999-12-31T23:59:59-14:00\"", "\"2026-02-30T00:00:00Z\"",
        "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u0000\"", "[\"\\ud800\"]", "[null]", "[17]", "[\"service\",\"service\"]",
        .. Texts.Values.Select(text => JsonSerializer.Serialize(text)),
    ];
}
