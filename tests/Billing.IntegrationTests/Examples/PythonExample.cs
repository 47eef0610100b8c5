using System.Diagnostics;

namespace Billing.IntegrationTests.Examples;

/// <summary>A program of the folder <c>examples/python</c>, with Debian's Python and pika.</summary>
sealed class PythonExample : IAsyncDisposable
{
    const string Python = "/usr/bin/python3";
    static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(60);

    readonly Process _process;

    PythonExample(Process process) => _process = process;

    /// <summary>Runs it to its end.</summary>
    /// <returns>The lines that it printed.</returns>
    public static async Task<string[]> Run(string script, (string Name, string Value) address, params string[] arguments)
    {
        await using var example = Start(script, address, arguments);
        var (output, errors) = (example._process.StandardOutput.ReadToEndAsync(), example._process.StandardError.ReadToEndAsync());
        await example._process.WaitForExitAsync().WaitAsync(EndsWithin);
        Assert.True(example._process.ExitCode == 0, await errors);
        return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public static PythonExample Start(string script, (string Name, string Value) address, params string[] arguments)
    {
        var start = new ProcessStartInfo(Python) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.Combine(Root(), "examples", "python") };
        start.ArgumentList.Add("-B");
        start.ArgumentList.Add(script);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment[address.Name] = address.Value;
        return new PythonExample(Process.Start(start)!);
    }

    /// <summary>Waits until it prints a line.</summary>
    public async Task<string?> NextLine() => await _process.StandardOutput.ReadLineAsync().WaitAsync(EndsWithin);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Billing.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
