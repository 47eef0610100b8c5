using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Billing.Service.Charging;

namespace Billing.Demo.Replay;

/// <summary>
/// The service that a request's target names: its first segment as it is written, up to the next slash, a query included. What has no
/// segment is the service "/", which no segment can be.
/// </summary>
static class ServiceOfPath
{
    public const string Root = "/";

    const string Kept = "._@:?=&%+-";
    const int HashDigits = 16;

    public static string Of(string target)
    {
        var path = PathOf(target);
        var segment = path.StartsWith('/') ? path[1..] : path;
        var end = segment.IndexOf('/');
        var name = Written(end < 0 ? segment : segment[..end]);
        return name.Length == 0 ? Root : Short(name);
    }

    /// <summary>As a proxy is asked, the target is http://host/path.</summary>
    static string PathOf(string target)
    {
        var scheme = target.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 1 || !target.AsSpan(0, scheme).ContainsOnlyLetters()) return target;
        var slash = target.IndexOf('/', scheme + 3);
        return slash < 0 ? "" : target[slash..];
    }

    /// <summary>What a service name may not hold is escaped, with capitals. A character is a byte of the file.</summary>
    static string Written(string segment)
    {
        var name = new StringBuilder(segment.Length);
        foreach (var character in segment)
        {
            if (char.IsAsciiLetterOrDigit(character) || Kept.Contains(character)) name.Append(character);
            else name.Append('%').Append(((int)character).ToString("X2", CultureInfo.InvariantCulture));
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
