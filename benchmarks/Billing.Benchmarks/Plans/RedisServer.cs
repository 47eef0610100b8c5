using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace Billing.Benchmarks.Plans;

/// <summary>A Redis of a plan's own, to be killed amid its load. With AOF it writes every second to the disk, without it keeps nothing.</summary>
sealed class RedisServer : IAsyncDisposable
{
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(20);

    readonly DirectoryInfo _folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, $"redis-{Guid.CreateVersion7():N}"));
    readonly int _port = FreePort();
    readonly bool _appendOnly;
    Process _process = null!;

    RedisServer(bool appendOnly) => _appendOnly = appendOnly;

    public string Address => $"127.0.0.1:{_port}";

    public static async Task<RedisServer> Start(bool appendOnly)
    {
        var server = new RedisServer(appendOnly);
        await server.StartAgain();
        return server;
    }

    public async Task StartAgain()
    {
        string[] arguments = ["--port", _port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _folder.FullName, "--save", "", "--appendonly", _appendOnly ? "yes" : "no", "--appendfsync", "everysec", "--logfile", "log"];
        _process = Process.Start(new ProcessStartInfo("redis-server", arguments)) ?? throw new InvalidOperationException("Redis did not start.");
        for (var waited = Stopwatch.StartNew(); !await Answers(); await Task.Delay(Look))
        {
            if (waited.Elapsed > ReadyWithin) throw new InvalidOperationException("Redis does not answer.");
        }
    }

    public Task<ConnectionMultiplexer> Connect() => Connect(Address);

    public static async Task<ConnectionMultiplexer> Connect(string address)
    {
        var options = ConfigurationOptions.Parse(address);
        (options.AbortOnConnectFail, options.ResponseTimeout, options.SyncTimeout) = (false, 5_000, 5_000);
        return await ConnectionMultiplexer.ConnectAsync(options);
    }

    public async Task Kill()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await Kill();
        _folder.Delete(recursive: true);
    }

    // While it reads its file back it answers with an error.
    async Task<bool> Answers()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, _port);
            await using var stream = client.GetStream();
            await stream.WriteAsync("PING\r\n"u8.ToArray());
            var answer = new byte[5];
            await stream.ReadExactlyAsync(answer);
            return answer.AsSpan().SequenceEqual("+PONG"u8);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
