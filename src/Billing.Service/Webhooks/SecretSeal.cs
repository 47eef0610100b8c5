using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Billing.Service.Webhooks;

/// <summary>
/// How secrets stand in the database: sealed by AES-256-GCM with a key that the database does not have, and bound to their
/// subscription, so that none can be moved to another. Without a key they stand there as they are.
/// </summary>
sealed class SecretSeal(IOptions<WebhookOptions> options)
{
    const string Plain = "plain:";
    const string Sealed = "aes256gcm:";
    const int KeyBytes = 32;

    readonly byte[]? _key = Key(options.Value.SecretKey);

    public string Close(WebhookSecret secret, Guid webhookId)
    {
        if (_key is null) return Plain + Convert.ToBase64String(secret.Bytes);

        var (nonce, tag, hidden) = (RandomNumberGenerator.GetBytes(AesGcm.NonceByteSizes.MaxSize), new byte[AesGcm.TagByteSizes.MaxSize], new byte[secret.Bytes.Length]);
        using var aes = new AesGcm(_key, tag.Length);
        aes.Encrypt(nonce, secret.Bytes, hidden, tag, webhookId.ToByteArray());
        return Sealed + Convert.ToBase64String([.. nonce, .. tag, .. hidden]);
    }

    /// <exception cref="CryptographicException">It was sealed with another key, for another subscription, or was changed.</exception>
    public WebhookSecret Open(string stored, Guid webhookId)
    {
        if (stored.StartsWith(Plain, StringComparison.Ordinal)) return new WebhookSecret(Convert.FromBase64String(stored[Plain.Length..]));
        if (_key is null) throw new CryptographicException("The secret is sealed, and Webhooks__SecretKey is not set.");

        var bytes = Convert.FromBase64String(stored[Sealed.Length..]).AsSpan();
        if (bytes.Length < AesGcm.NonceByteSizes.MaxSize + AesGcm.TagByteSizes.MaxSize) throw new CryptographicException("The sealed secret is cut off.");
        var nonce = bytes[..AesGcm.NonceByteSizes.MaxSize];
        var tag = bytes.Slice(nonce.Length, AesGcm.TagByteSizes.MaxSize);
        var hidden = bytes[(nonce.Length + tag.Length)..];
        var secret = new byte[hidden.Length];
        using var aes = new AesGcm(_key, tag.Length);
        aes.Decrypt(nonce, hidden, tag, secret, webhookId.ToByteArray());
        return new WebhookSecret(secret);
    }

    static byte[]? Key(string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        var key = new byte[KeyBytes];
        return Convert.TryFromBase64String(text, key, out var length) && length == KeyBytes
            ? key
            : throw new InvalidOperationException("Webhooks__SecretKey is no 32 bytes in base64; make one with: openssl rand -base64 32");
    }
}
