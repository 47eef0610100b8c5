using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Billing.TestSupport.Cache;

/// <summary>A Redis of the test's own, to be frozen, killed and started again on the same port, as empty as ever.</summary>
public sealed class RedisServer : IAsyncLifetime
{
    const int Sigstop = 19;
    const int Sigcont = 18;

    readonly int _port = FreePort();
    Process? _process;

    public string Address => $"127.0.0.1:{_port}";

    public async Task InitializeAsync() => await Start();

    public async Task Start()
    {
        _process = Process.Start(new ProcessStartInfo("redis-server", ["--bind", "127.0.0.1", "--port", $"{_port}", "--save", "", "--appendonly", "no", "--loglevel", "warning"]) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException("redis-server did not start: is it installed?");
        await Eventually.That(Answers, answers => answers, "Redis answers");
    }

    public async Task Kill()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public void Freeze() => Assert.Equal(0, SendSignal(_process!.Id, Sigstop));

    public void Thaw() => Assert.Equal(0, SendSignal(_process!.Id, Sigcont));

    /// <summary>Any command, past every client library; returns the answer as Redis sends it.</summary>
    public async Task<string> Send(params string[] command)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _port);
        await using var stream = client.GetStream();
        await using var writer = new StreamWriter(stream) { NewLine = "\r\n" };
        await writer.WriteLineAsync($"*{command.Length}");
        foreach (var word in command)
        {
            await writer.WriteLineAsync($"${System.Text.Encoding.UTF8.GetByteCount(word)}");
            await writer.WriteLineAsync(word);
        }
        await writer.FlushAsync();
        using var reader = new StreamReader(stream);
        return await reader.ReadLineAsync() ?? "";
    }

    public async Task DisposeAsync()
    {
        if (_process is not null) await Kill();
    }

    async Task<bool> Answers()
    {
        try
        {
            return await Send("PING") == "+PONG";
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }

    static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 32_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
            }
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    static extern int SendSignal(int pid, int signal);
}
