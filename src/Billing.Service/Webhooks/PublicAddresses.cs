using System.Net;
using System.Net.Sockets;

namespace Billing.Service.Webhooks;

/// <summary>
/// Which addresses are out on the internet. Everything else is refused: this machine, private networks, the metadata services of clouds,
/// and addresses that lead to one of them in disguise.
/// </summary>
static class PublicAddresses
{
    // The blocks of the IANA registries of special-purpose addresses that are not globally reachable, with multicast.
    static readonly IPNetwork[] Forbidden4 =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        }.Select(IPNetwork.Parse),
    ];

    // Only this is global unicast; inside it, what carries IPv4 addresses or stands for examples is not let through either.
    static readonly IPNetwork Global6 = IPNetwork.Parse("2000::/3");
    static readonly IPNetwork[] Forbidden6 = [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }.Select(IPNetwork.Parse)];

    public static bool Has(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetwork
            ? !Forbidden4.Any(network => network.Contains(address))
            : Global6.Contains(address) && !Forbidden6.Any(network => network.Contains(address));
    }
}
