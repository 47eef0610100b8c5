using System.Buffers;

namespace Billing.Contracts;

/// <summary>What every usage must keep to; the service and its client library check by the same.</summary>
public static class UsageLimits
{
    public const long QuantityMax = 1_000_000_000;
    public const int NameLengthMax = 128;

    /// <summary>The form of user ids and service names.</summary>
    public const string NameRule = "1 to 128 characters of A-Z a-z 0-9 . _ @ : / ? = & % + -";

    static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._@:/?=&%+-");

    public static bool IsName(string? name) => name is { Length: >= 1 and <= NameLengthMax } && !name.AsSpan().ContainsAnyExcept(Allowed);

    public static bool IsQuantity(long quantity) => quantity is >= 1 and <= QuantityMax;
}
