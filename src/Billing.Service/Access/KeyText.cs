using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Billing.Service.Access;

/// <summary>
/// A key as its holder has it: <c>bk_scope_id_secret</c>, of letters and digits that a scanner for leaked secrets can tell from anything else.
/// Not a record: its secret must not be printed by accident.
/// </summary>
public sealed partial class KeyText
{
    const int IdLength = 16;
    const int SecretLength = 64;

    readonly string _secret;

    KeyText(KeyScope scope, string id, string secret) => (Scope, Id, _secret) = (scope, id, secret);

    public KeyScope Scope { get; }

    /// <summary>Names the key in lists and logs; knowing it opens nothing.</summary>
    public string Id { get; }

    /// <summary>256 random bits: nobody guesses them, so one round of SHA-256 keeps them. A slow hash is for what people can remember.</summary>
    public static KeyText New(KeyScope scope) =>
        new(scope, RandomNumberGenerator.GetHexString(IdLength, lowercase: true), RandomNumberGenerator.GetHexString(SecretLength, lowercase: true));

    public static KeyText? Read(string text) => Shape().Match(text) is { Success: true } match
        ? new(KeyScopes.Of(match.Groups[1].Value)!.Value, match.Groups[2].Value, match.Groups[3].Value)
        : null;

    /// <summary>The id alone, or in a whole key that somebody pasted.</summary>
    public static string? ReadId(string text) => Read(text)?.Id ?? (IdShape().IsMatch(text) ? text : null);

    public byte[] Hash() => SHA256.HashData(Convert.FromHexString(_secret));

    /// <summary>The whole key. It is shown to whoever made it, once.</summary>
    public string Reveal() => $"bk_{Scope.Name()}_{Id}_{_secret}";

    [GeneratedRegex(@"^bk_(gateway|web|payment|admin)_([0-9a-f]{16})_([0-9a-f]{64})\z")]
    internal static partial Regex Shape();

    [GeneratedRegex(@"^[0-9a-f]{16}\z")]
    internal static partial Regex IdShape();
}
