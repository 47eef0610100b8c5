using System.Diagnostics;

namespace Billing.Demo.Stack;

/// <summary>A command of the service, run to its end on the run's database.</summary>
static class ServiceCommand
{
    const int NoExitCode = -1;
    static readonly TimeSpan Within = TimeSpan.FromMinutes(5);

    public static async Task<(int ExitCode, IReadOnlyList<string> Lines)> Run(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        using var process = Process.Start(ServiceProgram.With(environment, arguments))!;
        process.StandardInput.Close();
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.WaitForExitAsync().WaitAsync(Within);
        }
        catch (TimeoutException)
        {
            process.Kill();
            return (NoExitCode, [$"The command {arguments[0]} did not end within {Within.TotalMinutes:0} minutes."]);
        }
        string[] lines = [.. (await said).Split('\n'), .. (await complained).Split('\n')];
        return (process.ExitCode, [.. lines.Select(line => line.TrimEnd()).Where(line => line.Length > 0)]);
    }
}
