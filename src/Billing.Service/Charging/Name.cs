using System.Buffers;

namespace Billing.Service.Charging;

/// <summary>The form of user ids and service names.</summary>
public static class Name
{
    public const int LengthMax = 128;
    public const string Rule = "1 to 128 characters of A-Z a-z 0-9 . _ @ : / ? = & % + -";

    static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._@:/?=&%+-");

    public static bool IsValid(string? name) => name is { Length: >= 1 and <= LengthMax } && !name.AsSpan().ContainsAnyExcept(Allowed);
}
