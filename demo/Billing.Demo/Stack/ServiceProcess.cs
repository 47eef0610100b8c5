using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Billing.Demo.Progress;

namespace Billing.Demo.Stack;

/// <summary>The service as a process of its own. One that ends without being asked to is started again: nothing that was confirmed is lost by it.</summary>
sealed class ServiceProcess(IReadOnlyDictionary<string, string> environment, string logFile, Notes notes, TimeProvider time) : IAsyncDisposable
{
    const int FailedStartsMax = 3;
    const int LogLinesShown = 5;
    static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(60), StopWithin = TimeSpan.FromSeconds(40), Pause = TimeSpan.FromMilliseconds(100);

    readonly StreamWriter _log = new(logFile) { AutoFlush = true };
    readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(5) };
    readonly CancellationTokenSource _stopping = new();
    Process? _process;
    Task _watching = Task.CompletedTask;

    public Uri Address { get; } = new($"http://127.0.0.1:{FreePort()}");

    public int Id => _process?.Id ?? 0;

    public int Restarts { get; private set; }

    public async Task Start(CancellationToken cancellationToken)
    {
        await Launch(cancellationToken);
        _watching = Watch();
    }

    public async Task Stop()
    {
        await _stopping.CancelAsync();
        await _watching;
        if (_process is not { HasExited: false } process) return;

        Signals.AskToEnd(process.Id);
        try
        {
            await process.WaitForExitAsync().WaitAsync(StopWithin);
        }
        catch (TimeoutException)
        {
            notes.Say($"The service did not end within {StopWithin.TotalSeconds:0} s of being asked to, and was killed.");
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _watching;
        // Only when the run failed before it could stop the service in good order.
        if (_process is { HasExited: false } process) process.Kill();
        if (_process is not null) await _process.WaitForExitAsync();
        _process?.Dispose();
        _client.Dispose();
        await _log.DisposeAsync();
    }

    async Task Watch()
    {
        try
        {
            while (true)
            {
                await _process!.WaitForExitAsync(_stopping.Token);
                Restarts++;
                notes.Say($"The service ended unasked ({Manner(_process.ExitCode)}); starting it again. The broker keeps what it had not acknowledged.");
                var began = time.GetTimestamp();
                await LaunchAgain();
                notes.Say($"The service is back as process {_process.Id} after {time.GetElapsedTime(began).TotalSeconds:0.0} s.");
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
        catch (DemoFailure failure)
        {
            notes.Say(failure.Message);
        }
    }

    async Task LaunchAgain()
    {
        for (var failed = 0; ; failed++)
        {
            try
            {
                await Launch(_stopping.Token);
                return;
            }
            catch (DemoFailure) when (failed + 1 < FailedStartsMax)
            {
            }
        }
    }

    async Task Launch(CancellationToken cancellationToken)
    {
        _process?.Dispose();
        var process = _process = Process.Start(ServiceProgram.With(environment, $"--urls={Address}"))!;
        process.StandardInput.Close();
        process.OutputDataReceived += (_, line) => Log(line.Data);
        process.ErrorDataReceived += (_, line) => Log(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        var began = time.GetTimestamp();
        while (!await IsReady(cancellationToken))
        {
            if (process.HasExited) throw new DemoFailure($"The service ended while starting ({Manner(process.ExitCode)}). {LastWords()}");
            if (time.GetElapsedTime(began) > ReadyWithin) throw new DemoFailure($"The service was not ready after {ReadyWithin.TotalSeconds:0} s. {LastWords()}");
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    async Task<bool> IsReady(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _client.GetAsync(new Uri(Address, "/health/ready"), cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    void Log(string? line)
    {
        if (line is null) return;
        lock (_log) _log.WriteLine(line);
    }

    string LastWords()
    {
        lock (_log) return $"The last lines of {logFile}:\n  " + string.Join("\n  ", File.ReadLines(logFile).TakeLast(LogLinesShown));
    }

    // A process ended by signal n has the exit status 128 + n.
    static string Manner(int exitCode) => exitCode > 128 ? $"signal {exitCode - 128}" : $"exit status {exitCode}";

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
