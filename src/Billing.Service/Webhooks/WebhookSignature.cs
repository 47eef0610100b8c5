using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Billing.Service.Webhooks;

/// <summary>The header <c>webhook-signature</c> of Standard Webhooks 1.0: HMAC-SHA256 over id, timestamp and body, one for each secret.</summary>
static class WebhookSignature
{
    public static string Of(string id, DateTimeOffset timestamp, string body, IEnumerable<WebhookSecret> secrets)
    {
        var signed = Encoding.UTF8.GetBytes($"{id}.{Seconds(timestamp)}.{body}");
        return string.Join(' ', secrets.Select(secret => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(secret.Bytes, signed))}"));
    }

    public static string Seconds(DateTimeOffset timestamp) => timestamp.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}
