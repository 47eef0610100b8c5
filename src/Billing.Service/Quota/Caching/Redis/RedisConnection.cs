using StackExchange.Redis;

namespace Billing.Service.Quota.Caching.Redis;

/// <summary>One connection, multiplexed, made in the background: a Redis that is not there keeps nobody waiting.</summary>
public sealed class RedisConnection : IAsyncDisposable
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    const int ConnectTimeoutMs = 2_000;
    const int KeepAliveSeconds = 10;

    readonly CancellationTokenSource _stopping = new();
    readonly Task _connecting;
    volatile ConnectionMultiplexer? _multiplexer;

    /// <param name="address">As in <c>host:port,password=..</c>, with further options of StackExchange.Redis if need be.</param>
    public RedisConnection(string address)
    {
        var options = Options(address);
        // Not in the caller's time: a name that does not resolve blocks.
        _connecting = Task.Run(() => Connect(options));
    }

    /// <summary>Null until the first connection; afterwards the client reconnects by itself.</summary>
    public IDatabase? Database => _multiplexer is { IsConnected: true } multiplexer ? multiplexer.GetDatabase() : null;

    public static bool IsAddress(string text)
    {
        try
        {
            return ConfigurationOptions.Parse(text).EndPoints.Count > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>For programs that have nothing to do without it: false when it is not there in time.</summary>
    public async Task<bool> IsThereWithin(TimeSpan limit)
    {
        for (var waited = System.Diagnostics.Stopwatch.StartNew(); waited.Elapsed < limit; await Task.Delay(TimeSpan.FromMilliseconds(50)))
        {
            if (Database is not null) return true;
        }
        return false;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _connecting;
        _multiplexer?.Dispose();
        _stopping.Dispose();
    }

    async Task Connect(ConfigurationOptions options)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var multiplexer = await ConnectionMultiplexer.ConnectAsync(options);
                // In their order, one continuation that blocks would hold up the answers of all others.
                multiplexer.PreserveAsyncOrder = false;
                _multiplexer = multiplexer;
                return;
            }
            catch (Exception exception) when (exception is RedisConnectionException or System.Net.Sockets.SocketException)
            {
                await Task.Delay(Pause, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    static ConfigurationOptions Options(string address)
    {
        var options = ConfigurationOptions.Parse(address);
        options.AbortOnConnectFail = false;
        options.ConnectTimeout = ConnectTimeoutMs;
        options.KeepAlive = KeepAliveSeconds;
        options.ClientName = "billing-service";
        return options;
    }
}
