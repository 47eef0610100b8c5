using System.Net;
using Billing.Service.Charging;

namespace Billing.Service.Webhooks;

/// <summary>Which addresses a subscription may have. A name is looked up only when it is called, each time.</summary>
static class ReceiverUrl
{
    const int LengthMax = 2_000;

    public static Refusal? Problem(string? url, bool allowPrivateNetworks)
    {
        if (url is null || url.Length > LengthMax || !Uri.TryCreate(url, UriKind.Absolute, out var address)) return No($"url is an absolute address of at most {LengthMax} characters.");
        if (address.Scheme != Uri.UriSchemeHttps && !(allowPrivateNetworks && address.Scheme == Uri.UriSchemeHttp)) return No("url begins with https://.");
        if (address.UserInfo.Length > 0 || address.Fragment.Length > 0) return No("url names no user and no fragment.");
        if (!allowPrivateNetworks && IPAddress.TryParse(address.DnsSafeHost, out var literal) && !PublicAddresses.Has(literal)) return No($"{literal} is no address on the internet.");
        return null;
    }

    static Refusal No(string detail) => new(ErrorCodes.InvalidUrl, detail);
}
