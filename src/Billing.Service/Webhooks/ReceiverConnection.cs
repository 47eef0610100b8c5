using System.Net;
using System.Net.Sockets;

namespace Billing.Service.Webhooks;

/// <summary>
/// Connects to a receiver. The very address that was looked up is judged and connected to: a name that answers differently the second
/// time gains nothing.
/// </summary>
static class ReceiverConnection
{
    const int DrainedBytesMax = 16_384;
    const int HeaderKilobytesMax = 16;

    public static SocketsHttpHandler NewHandler(WebhookOptions options) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = options.Timeout,
        MaxResponseHeadersLength = HeaderKilobytesMax,
        // Nobody reads what a receiver answers: a short body is skipped to keep the connection, a long one ends it.
        MaxResponseDrainSize = DrainedBytesMax,
        ResponseDrainTimeout = TimeSpan.FromSeconds(1),
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        ConnectCallback = (context, cancellationToken) => Connect(context.DnsEndPoint, options.AllowPrivateNetworks, cancellationToken),
    };

    static async ValueTask<Stream> Connect(DnsEndPoint endPoint, bool allowPrivateNetworks, CancellationToken cancellationToken)
    {
        var found = await Dns.GetHostAddressesAsync(endPoint.Host, cancellationToken);
        var addresses = allowPrivateNetworks ? found : [.. found.Where(PublicAddresses.Has)];
        if (addresses.Length == 0) throw new ForbiddenAddressException(endPoint.Host);

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, endPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>A receiver's name leads to no address that may be called.</summary>
sealed class ForbiddenAddressException(string host) : Exception($"{host} is no address on the internet.");
