using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Billing.FaultTests.Harness;

/// <summary>The service under test, always a process of its own, so that dying is dying. It is started again when it ends because it wants to be.</summary>
sealed class ServiceProcess : IAsyncDisposable
{
    const int Sigterm = 15;
    const int Sigcont = 18;
    const int Sigstop = 19;
    const int ExitCodeOfSigkill = 128 + 9;
    const int ExitCodeToBeStartedAgain = 75;
    static readonly TimeSpan ReadyWithin = TimeSpan.FromMinutes(4);
    static readonly TimeSpan DeadWithin = TimeSpan.FromMinutes(2);
    static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(15) };
    static readonly string Program = typeof(ServiceProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "ServiceProgram").Value!;

    readonly IReadOnlyList<KeyValuePair<string, string>> _settings;
    readonly ConcurrentQueue<string> _log = [];
    volatile Process _process;

    public ServiceProcess(Uri address, IEnumerable<KeyValuePair<string, string>> settings)
    {
        Address = address;
        _settings = [.. settings];
        _process = Start();
    }

    public Uri Address { get; }
    public bool IsAlive => _process is var process && (!process.HasExited || process.ExitCode == ExitCodeToBeStartedAgain);
    public IEnumerable<string> Log => _log;

    /// <summary>Resident now.</summary>
    public long MemoryMib
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 >> 20;
        }
    }

    /// <summary>A port that was free a moment ago, below those that the kernel gives to outgoing connections.</summary>
    public static Uri FreeAddress()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 32_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return new Uri($"http://127.0.0.1:{port}");
            }
            catch (SocketException)
            {
            }
        }
    }

    /// <summary>Runs the program's own audit of what was confirmed, and returns its exit code and what it printed.</summary>
    public static Task<(int ExitCode, string Report)> Audit(IEnumerable<KeyValuePair<string, string>> settings, string? publishedFile = null) =>
        Run(settings, publishedFile is null ? ["audit"] : ["audit", "--published", publishedFile]);

    /// <summary>Runs one of the program's verbs to its end, and returns its exit code and what it printed.</summary>
    public static async Task<(int ExitCode, string Report)> Run(IEnumerable<KeyValuePair<string, string>> settings, params IEnumerable<string> verb)
    {
        using var process = Process.Start(Command(settings, verb))!;
        var (report, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await report + await errors);
    }

    public Task Ready() => HealthBecomes("ready", HttpStatusCode.OK);

    public Task HealthBecomes(string kind, HttpStatusCode status) => Eventually.That($"/health/{kind} answers {(int)status}", () => Health(kind), seen =>
    {
        if (!IsAlive) throw new InvalidOperationException($"The service ended with {_process.ExitCode}: {string.Join('\n', _log.TakeLast(20))}");
        return seen == status;
    }, ReadyWithin);

    /// <summary>Null when nobody answers.</summary>
    public async Task<HttpStatusCode?> Health(string kind)
    {
        try
        {
            using var response = await Http.GetAsync(new Uri(Address, $"/health/{kind}"));
            return response.StatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    public async Task Kill()
    {
        _process.Kill();
        await Died();
    }

    /// <summary>Waits until it has been ended by SIGKILL: from outside, or by itself at a crash point.</summary>
    public async Task Died() => Assert.Equal(ExitCodeOfSigkill, await ExitCode(DeadWithin));

    /// <summary>It stands still, and its connections live.</summary>
    public void Pause() => _ = SendSignal(_process.Id, Sigstop);

    public void Resume() => _ = SendSignal(_process.Id, Sigcont);

    /// <summary>SIGTERM; the exit code it ends with.</summary>
    public Task<int> Terminate(TimeSpan within)
    {
        _ = SendSignal(_process.Id, Sigterm);
        return ExitCode(within);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    Process Start()
    {
        var process = Process.Start(Command(_settings, "--urls", Address.ToString().TrimEnd('/')))!;
        process.OutputDataReceived += Note;
        process.ErrorDataReceived += Note;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.Exited += (_, _) =>
        {
            if (process.ExitCode == ExitCodeToBeStartedAgain) _process = Start();
        };
        process.EnableRaisingEvents = true;
        return process;
    }

    async Task<int> ExitCode(TimeSpan within)
    {
        using var deadline = new CancellationTokenSource(within);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The service still runs after {within.TotalSeconds:0} s: {string.Join('\n', _log.TakeLast(20))}");
        }
        return _process.ExitCode;
    }

    void Note(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is not null) _log.Enqueue(line.Data);
    }

    [DllImport("libc", EntryPoint = "kill")]
    static extern int SendSignal(int pid, int signal);

    /// <summary>The program with these settings, and with none of the servers that this test process was given.</summary>
    static ProcessStartInfo Command(IEnumerable<KeyValuePair<string, string>> settings, params IEnumerable<string> arguments)
    {
        var command = new ProcessStartInfo("dotnet", [Program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var inherited in command.Environment.Keys.Where(name => name.StartsWith("BILLING_", StringComparison.Ordinal)).ToList()) command.Environment.Remove(inherited);
        command.Environment["ASPNETCORE_ENVIRONMENT"] = "Test";
        foreach (var (name, value) in settings) command.Environment[name] = value;
        return command;
    }
}
