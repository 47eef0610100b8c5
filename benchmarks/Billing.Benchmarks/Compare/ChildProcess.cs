using System.Diagnostics;

namespace Billing.Benchmarks.Compare;

/// <summary>This program once more, with a verb of its own, asked line by line. What it needs comes by the environment: a command line shows its passwords.</summary>
sealed class ChildProcess : IAsyncDisposable
{
    public const string Ready = "ready";

    readonly Process _process;

    ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public static async Task<ChildProcess> Start(string verb, IEnumerable<KeyValuePair<string, string>> environment)
    {
        var command = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Billing.Benchmarks.dll"), verb]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var (name, value) in environment) command.Environment[name] = value;
        var child = new ChildProcess(Process.Start(command) ?? throw new InvalidOperationException($"{verb} did not start."));
        while (await child.ReadLine() != Ready) { }
        return child;
    }

    public async Task<string> Ask(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        return await ReadLine();
    }

    /// <summary>SIGKILL: nothing of it runs on.</summary>
    public async Task Kill()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Kill();
        _process.Dispose();
    }

    async Task<string> ReadLine() => await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("A child of the benchmark ended too early.");
}
