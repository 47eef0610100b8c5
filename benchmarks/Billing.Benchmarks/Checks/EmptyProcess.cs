using System.Diagnostics;

namespace Billing.Benchmarks.Checks;

/// <summary>This program once more, as the empty consumer.</summary>
sealed class EmptyProcess : IAsyncDisposable
{
    public const string Verb = "empty-consumer";

    // By the environment: a command line shows its password to everyone on the machine.
    const string Variable = "EMPTY_CONSUMER_RABBITMQ";

    readonly Process _process;

    EmptyProcess(Process process) => _process = process;

    /// <summary>In that process: where it listens.</summary>
    public static Uri Address => new(Environment.GetEnvironmentVariable(Variable) ?? throw new InvalidOperationException($"{Variable} is not set: run checks."));

    public static async Task<EmptyProcess> Start(Uri address)
    {
        var command = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Billing.Benchmarks.dll"), Verb])
        {
            RedirectStandardOutput = true,
            Environment = { [Variable] = address.AbsoluteUri },
        };
        var process = Process.Start(command) ?? throw new InvalidOperationException("The empty consumer did not start.");
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line == "ready") return new EmptyProcess(process);
        }
        throw new InvalidOperationException("The empty consumer ended before it was ready.");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
