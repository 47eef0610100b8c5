using System.Diagnostics;
using System.Globalization;
using Billing.Demo.Progress;

namespace Billing.Demo.Stack;

/// <summary>The payment service as a process of its own. One that ends without being asked to is started again and goes on from its journal.</summary>
sealed class PaymentServiceProcess(IReadOnlyDictionary<string, string> environment, string journalFile, int seed, string logFile, Notes notes, TimeProvider time) : IAsyncDisposable
{
    static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(30), StopWithin = TimeSpan.FromSeconds(20);

    readonly StreamWriter _log = new(logFile) { AutoFlush = true };
    readonly CancellationTokenSource _stopping = new();
    Process? _process;
    Task _watching = Task.CompletedTask;

    public int Id => _process?.Id ?? 0;

    public async Task Start(CancellationToken cancellationToken)
    {
        await Launch(cancellationToken);
        _watching = Watch();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _watching;
        if (_process is { HasExited: false } process)
        {
            Signals.AskToEnd(process.Id);
            await process.WaitForExitAsync().WaitAsync(StopWithin).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!process.HasExited) process.Kill();
        }
        _process?.Dispose();
        await _log.DisposeAsync();
        _stopping.Dispose();
    }

    async Task Watch()
    {
        try
        {
            while (true)
            {
                await _process!.WaitForExitAsync(_stopping.Token);
                notes.Say($"The payment service ended unasked (exit status {_process.ExitCode}); starting it again. It goes on from its journal.");
                await Launch(_stopping.Token);
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

    async Task Launch(CancellationToken cancellationToken)
    {
        _process?.Dispose();
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = _process = Process.Start(ServiceProgram.Of(
            "Billing.Demo.PaymentService.dll", environment, "--journal", journalFile, "--seed", seed.ToString(CultureInfo.InvariantCulture)))!;
        process.StandardInput.Close();
        process.OutputDataReceived += (_, line) =>
        {
            Log(line.Data);
            if (line.Data?.StartsWith("ready", StringComparison.Ordinal) == true) ready.TrySetResult();
        };
        process.ErrorDataReceived += (_, line) => Log(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var within = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ended = process.WaitForExitAsync(within.Token);
        await Task.WhenAny(ready.Task, ended, Task.Delay(ReadyWithin, time, within.Token));
        await within.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        if (!ready.Task.IsCompleted) throw new DemoFailure($"The payment service did not start; what it said is in {logFile}.");
    }

    void Log(string? line)
    {
        if (line is null) return;
        lock (_log) _log.WriteLine(line);
    }
}
