using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Billing.FaultTests.Harness;

/// <summary>The way from a service to a server, which can be slow, silent, cut or closed without anybody's rights on the machine.</summary>
sealed class Wire : IAsyncDisposable
{
    const int ChunkMax = 16 * 1024;

    readonly ConcurrentDictionary<Joint, Task> _joints = new();
    readonly CancellationTokenSource _end = new();
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly int _server;
    readonly Task _accepting;

    volatile TaskCompletionSource _open = Opened();
    volatile bool _refuses;
    long _delayMs;
    long _cutAfter = long.MaxValue;

    public Wire(int server)
    {
        _server = server;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = Accept();
    }

    /// <summary>Where the service finds the server.</summary>
    public int Port { get; }

    /// <summary>Connections live, and nothing passes in either direction. What was sent meanwhile arrives after the healing, as it would on a network.</summary>
    public void Silence() => _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Each piece takes so long, in either direction.</summary>
    public void Delay(TimeSpan delay) => Volatile.Write(ref _delayMs, (long)delay.TotalMilliseconds);

    /// <summary>Every connection is reset, and so is every new one.</summary>
    public void Refuse()
    {
        _refuses = true;
        ResetAll();
    }

    /// <summary>Every connection, new ones too, is reset once the server has sent so many more bytes: amid a message, mostly.</summary>
    public void CutAfter(int bytes) => Volatile.Write(ref _cutAfter, bytes);

    public void ResetAll()
    {
        foreach (var joint in _joints.Keys) joint.Reset();
    }

    public void Heal()
    {
        _refuses = false;
        Volatile.Write(ref _delayMs, 0);
        Volatile.Write(ref _cutAfter, long.MaxValue);
        _open.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        Heal();
        ResetAll();
        await _accepting;
        await Task.WhenAll(_joints.Values);
        _end.Dispose();
    }

    async Task Accept()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                var joint = new Joint(await _listener.AcceptSocketAsync(_end.Token), new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
                if (_refuses) joint.Reset();
                else _joints[joint] = Join(joint);
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
            {
            }
        }
    }

    async Task Join(Joint joint)
    {
        await Task.Yield();
        try
        {
            await _open.Task;
            await joint.Server.ConnectAsync(IPAddress.Loopback, _server, _end.Token);
            await Task.WhenAny(Carry(joint.Client, joint.Server, counts: false), Carry(joint.Server, joint.Client, counts: true));
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The server is away, or it was cut: the other end sees a reset.
        }
        joint.Reset();
        _joints.TryRemove(joint, out _);
    }

    async Task Carry(Socket from, Socket to, bool counts)
    {
        var chunk = new byte[ChunkMax];
        var carried = 0L;
        while (await from.ReceiveAsync(chunk, _end.Token) is var length and > 0)
        {
            await _open.Task;
            if (Volatile.Read(ref _delayMs) is var delay and > 0) await Task.Delay((int)delay, _end.Token);
            if (counts && Volatile.Read(ref _cutAfter) is var cutAfter and < long.MaxValue)
            {
                // Counted from the moment on at which the cut was ordered.
                if (carried + length > cutAfter)
                {
                    await to.SendAsync(chunk.AsMemory(0, (int)Math.Max(0, cutAfter - carried)), _end.Token);
                    return;
                }
                carried += length;
            }
            else
            {
                carried = 0;
            }
            await to.SendAsync(chunk.AsMemory(0, length), _end.Token);
        }
    }

    static TaskCompletionSource Opened()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }

    sealed record Joint(Socket Client, Socket Server)
    {
        public void Reset()
        {
            foreach (var end in (Socket[])[Client, Server])
            {
                try
                {
                    end.LingerState = new LingerOption(true, 0);
                }
                catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
                {
                    // It is closed already.
                }
                end.Dispose();
            }
        }
    }
}
