using System.IO.Compression;
using System.Text;

namespace Billing.TestSupport.Doors;

/// <summary>Bodies that are no JSON of any message, whatever the message.</summary>
public static class BadBodies
{
    public static IReadOnlyDictionary<string, byte[]> Unreadable { get; } = new Dictionary<string, byte[]>
    {
        ["white space"] = "  \r\n"u8.ToArray(),
        ["text"] = "this is not JSON"u8.ToArray(),
        ["XML"] = "<?xml version=\"1.0\"?><userId>ann</userId>"u8.ToArray(),
        ["form"] = "userId=ann&quantity=1"u8.ToArray(),
        ["cut off"] = "{\"userId\":\"ann\",\"quan"u8.ToArray(),
        ["two documents"] = "{}{}"u8.ToArray(),
        ["a literal NaN"] = "{\"quantity\":NaN}"u8.ToArray(),
        ["a raw NUL"] = "{\"userId\":\"a\0b\"}"u8.ToArray(),
        ["UTF-16"] = Encoding.Unicode.GetBytes("{\"userId\":\"ann\"}"),
        ["gzip"] = Gzip("{\"userId\":\"ann\"}"),
        ["nested 10,000 deep"] = Encoding.UTF8.GetBytes($"{{\"userId\":{new string('[', 10_000)}{new string(']', 10_000)}}}"),
        ["a bomb of braces"] = Encoding.UTF8.GetBytes(new string('{', 100_000)),
        ["random bytes"] = Random(),
    };

    /// <summary>What one reader takes for an object without fields, and another for nothing that it knows.</summary>
    public static IReadOnlyDictionary<string, byte[]> Doubtful { get; } = new Dictionary<string, byte[]>
    {
        ["empty"] = [],
        ["a comment"] = "{/* userId */}"u8.ToArray(),
        ["a byte order mark"] = [0xEF, 0xBB, 0xBF, .. "{}"u8],
        ["null"] = "null"u8.ToArray(),
        ["an array"] = "[]"u8.ToArray(),
        ["a number"] = "17"u8.ToArray(),
        ["a string"] = "\"text\""u8.ToArray(),
    };

    static byte[] Gzip(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }

    static byte[] Random()
    {
        var bytes = new byte[500];
        new Random(7).NextBytes(bytes);
        return bytes;
    }
}
