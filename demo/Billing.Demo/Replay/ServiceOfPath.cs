using System.Security.Cryptography;
using System.Text;
using Billing.Service.Charging;

namespace Billing.Demo.Replay;

/// <summary>
/// The service that a request's target names: its first path segment, written one way. Host, query and fragment are no part of a path;
/// empty segments, "." and ".." lead nowhere. What has no segment at all is the service "/", which no segment can be.
/// </summary>
static class ServiceOfPath
{
    public const string Root = "/";

    const string Unreserved = "-._";
    const string Kept = "@:=&+";
    const int HashDigits = 16;

    public static string Of(string target)
    {
        foreach (var segment in PathOf(target).Split('/'))
        {
            var name = Written(segment);
            if (name is not ("" or "." or "..")) return name == "%2A" ? Root : Short(name);
        }
        return Root;
    }

    static string PathOf(string target)
    {
        var end = target.AsSpan().IndexOfAny('?', '#');
        var path = end < 0 ? target : target[..end];
        if (path.StartsWith('/')) return path;

        // As a proxy is asked: http://host/path.
        var scheme = path.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 1 || !path.AsSpan(0, scheme).ContainsOnlyLetters()) return path;
        var slash = path.IndexOf('/', scheme + 3);
        return slash < 0 ? "" : path[slash..];
    }

    /// <summary>One way of writing for each segment: what needs no escape has none, everything else is escaped with capitals. A character is a byte of the file.</summary>
    static string Written(string segment)
    {
        var name = new StringBuilder(segment.Length);
        for (var i = 0; i < segment.Length; i++)
        {
            var isEscape = segment[i] == '%' && i + 2 < segment.Length && char.IsAsciiHexDigit(segment[i + 1]) && char.IsAsciiHexDigit(segment[i + 2]);
            var character = isEscape ? (char)Convert.FromHexString(segment.AsSpan(i + 1, 2))[0] : segment[i];
            if (isEscape) i += 2;

            if (char.IsAsciiLetterOrDigit(character) || Unreserved.Contains(character) || (!isEscape && Kept.Contains(character))) name.Append(character);
            else name.Append('%').Append(((int)character).ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }
        return name.ToString();
    }

    /// <summary>A name that is too long keeps its beginning, and the hash of the whole tells it from others.</summary>
    static string Short(string name) => name.Length <= Name.LengthMax
        ? name
        : $"{name[..(Name.LengthMax - HashDigits - 1)]}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.Latin1.GetBytes(name)))[..HashDigits]}";

    static bool ContainsOnlyLetters(this ReadOnlySpan<char> text)
    {
        foreach (var character in text)
            if (!char.IsAsciiLetter(character)) return false;
        return true;
    }
}
