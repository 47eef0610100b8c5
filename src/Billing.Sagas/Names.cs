using System.Buffers;

namespace Billing.Sagas;

/// <summary>The form of user ids, keys and the payment service's ids.</summary>
static class Names
{
    public const int LengthMax = 128;
    public const string Rule = "1 to 128 characters of A-Z a-z 0-9 . _ @ : / ? = & % + -";

    static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._@:/?=&%+-");

    public static bool IsValid(string? name, int lengthMax = LengthMax) => name?.Length is >= 1 && name.Length <= lengthMax && !name.AsSpan().ContainsAnyExcept(Allowed);
}
