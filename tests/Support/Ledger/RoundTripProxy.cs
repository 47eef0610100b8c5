using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Billing.TestSupport.Ledger;

/// <summary>
/// Stands between Npgsql and PostgreSQL and counts round trips on the wire. The server ends each one with ReadyForQuery ('Z'),
/// and the client waits for it before it sends the next; so their number is that of the round trips, whatever the client's API hides.
/// </summary>
public sealed class RoundTripProxy : IAsyncDisposable
{
    const byte ReadyForQuery = (byte)'Z';
    const int HeaderBytes = 5;
    const int BufferBytes = 65_536;

    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stop = new();
    readonly string _host;
    readonly int _port;
    readonly List<Task> _connections = [];
    readonly Task _accepting;
    long _roundTrips;

    public RoundTripProxy(string connectionString)
    {
        var server = new NpgsqlConnectionStringBuilder(connectionString);
        (_host, _port) = (server.Host!, server.Port);
        _listener.Start();
        // Readable on the wire: no encryption.
        ConnectionString = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Host = IPAddress.Loopback.ToString(),
            Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
        }.ConnectionString;
        _accepting = Accept();
    }

    public string ConnectionString { get; }

    public long RoundTrips => Interlocked.Read(ref _roundTrips);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    async Task Accept()
    {
        try
        {
            while (true) _connections.Add(Forward(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    async Task Forward(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient { NoDelay = true })
        {
            client.NoDelay = true;
            await server.ConnectAsync(_host, _port, _stop.Token);
            await Task.WhenAny(Copy(client, server, null), Copy(server, client, new Frames()));
        }
    }

    async Task Copy(TcpClient from, TcpClient to, Frames? counted)
    {
        try
        {
            var buffer = new byte[BufferBytes];
            while (await from.GetStream().ReadAsync(buffer, _stop.Token) is > 0 and var count)
            {
                if (counted is not null) Interlocked.Add(ref _roundTrips, counted.Count(buffer.AsSpan(0, count), ReadyForQuery));
                await to.GetStream().WriteAsync(buffer.AsMemory(0, count), _stop.Token);
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side has closed: so does the other.
        }
    }

    /// <summary>The server's messages, each one byte of type and four of length, wherever the reads have cut them.</summary>
    sealed class Frames
    {
        readonly byte[] _header = new byte[HeaderBytes];
        int _headerBytes;
        long _bodyLeft;

        public int Count(ReadOnlySpan<byte> bytes, byte type)
        {
            var count = 0;
            while (bytes.Length > 0)
            {
                if (_bodyLeft > 0)
                {
                    var skipped = (int)Math.Min(_bodyLeft, bytes.Length);
                    _bodyLeft -= skipped;
                    bytes = bytes[skipped..];
                    continue;
                }

                _header[_headerBytes++] = bytes[0];
                bytes = bytes[1..];
                if (_headerBytes < HeaderBytes) continue;
                if (_header[0] == type) count++;
                _bodyLeft = BinaryPrimitives.ReadInt32BigEndian(_header.AsSpan(1)) - sizeof(int);
                _headerBytes = 0;
            }
            return count;
        }
    }
}
