using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Billing.Benchmarks.Recharges;

/// <summary>The service as it is deployed: a process of its own, with the settings and logs that it has by default.</summary>
sealed class ServiceProcess : IAsyncDisposable
{
    static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(60);
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    readonly Process _process;
    readonly ConcurrentQueue<string> _log = [];

    ServiceProcess(ProcessStartInfo command, Uri address)
    {
        Address = address;
        _process = Process.Start(command) ?? throw new InvalidOperationException("The service did not start.");
        _process.OutputDataReceived += Note;
        _process.ErrorDataReceived += Note;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public Uri Address { get; }

    public int Id => _process.Id;

    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>The last of what it logged; a good run has nothing of interest there.</summary>
    public IEnumerable<string> LogTail => _log.TakeLast(20);

    public static async Task<ServiceProcess> Start(string postgres, Uri rabbitMq, params IEnumerable<KeyValuePair<string, string>> settings)
    {
        var url = $"http://127.0.0.1:{FreePort()}";
        var command = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Billing.Service.dll"), "--urls", url])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["BILLING_POSTGRES"] = postgres, ["BILLING_POSTGRES_OWNER"] = "", ["BILLING_RABBITMQ"] = rabbitMq.AbsoluteUri, ["BILLING_REDIS"] = "" },
        };
        foreach (var (name, value) in settings) command.Environment[name] = value;
        var service = new ServiceProcess(command, new Uri(url));
        await service.WaitUntilReady(new Uri($"{url}/health/ready"));
        return service;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    async Task WaitUntilReady(Uri health)
    {
        using var http = new HttpClient();
        using var giveUp = new CancellationTokenSource(ReadyWithin);
        while (!await IsReady(http, health))
        {
            if (_process.HasExited || giveUp.IsCancellationRequested) throw new InvalidOperationException($"The service is not ready: {string.Join('\n', LogTail)}");
            await Task.Delay(Look);
        }
    }

    static async Task<bool> IsReady(HttpClient http, Uri health)
    {
        try
        {
            using var answer = await http.GetAsync(health);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
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

    void Note(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is not null) _log.Enqueue(line.Data);
    }
}
