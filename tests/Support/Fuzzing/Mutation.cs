using System.Text;

namespace Billing.TestSupport.Fuzzing;

/// <summary>A document that was right, with one to three things done to it.</summary>
public static class Mutation
{
    static readonly byte[][] Scraps =
    [
        .. Doors.BadValues.Json.Where(value => value.Length < 200).Select(Encoding.UTF8.GetBytes),
        .. new[] { "\\", "\"", ",", ":", "{", "}", "[", "]", "\"quantity\":", "\"usageId\":", "\"amount\":\"1.00\",", "\"\\ud800\":", "\ufffd", "\uffff", "\u2028", "\"userId\":\"mallory\",", "/**/" }.Select(Encoding.UTF8.GetBytes),
    ];

    public static byte[] Of(byte[] document, Random random)
    {
        for (var cuts = random.Next(1, 4); cuts > 0 && document.Length > 0; cuts--)
        {
            var at = random.Next(document.Length);
            document = random.Next(24) switch
            {
                0 => Replace(document, at, 1, [(byte)random.Next(256)]),
                1 => Replace(document, at, 1, [(byte)(document[at] ^ (1 << random.Next(8)))]),
                2 => Replace(document, at, random.Next(1, 12), []),
                3 => Replace(document, at, 0, document[at..Math.Min(document.Length, at + random.Next(1, 40))]),
                4 => Replace(document, at, 0, Scraps[random.Next(Scraps.Length)]),
                5 => document[..at],
                < 16 => Value(document, at, Scraps[random.Next(Scraps.Length)]),
                < 20 => Value(document, at, Encoding.UTF8.GetBytes($"{random.NextInt64(-10, 2_000_000_010)}")),
                _ => Value(document, at, Encoding.UTF8.GetBytes($"\"{(char)random.Next(0x30, 0x7B)}{new string('y', random.Next(150))}\"")),
            };
        }
        return document;
    }

    /// <summary>Puts something else in place of the value that follows the next colon.</summary>
    static byte[] Value(byte[] document, int at, byte[] value)
    {
        var colon = Array.IndexOf(document, (byte)':', at);
        if (colon < 0) return document;
        var end = Array.IndexOf(document, (byte)',', colon);
        if (end < 0) end = document.Length - 1;
        return end <= colon ? document : Replace(document, colon + 1, end - colon - 1, value);
    }

    static byte[] Replace(byte[] document, int at, int count, byte[] with) => [.. document[..at], .. with, .. document[Math.Min(document.Length, at + count)..]];
}
