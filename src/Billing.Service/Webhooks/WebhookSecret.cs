using System.Security.Cryptography;

namespace Billing.Service.Webhooks;

/// <summary>What a subscription and its receiver share. It has no text of its own, so that no log can show it.</summary>
sealed class WebhookSecret(byte[] bytes)
{
    const int NewBytes = 32;

    public byte[] Bytes { get; } = bytes;

    public static WebhookSecret New() => new(RandomNumberGenerator.GetBytes(NewBytes));

    /// <summary>As its receiver is told it, once.</summary>
    public string Reveal() => $"whsec_{Convert.ToBase64String(Bytes)}";
}
