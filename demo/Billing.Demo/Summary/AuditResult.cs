using System.Diagnostics;
using Billing.Demo.Stack;

namespace Billing.Demo.Summary;

/// <summary>What the service's `audit` command says, run as an operator would run it.</summary>
sealed record AuditResult(bool Holds, IReadOnlyList<string> Lines)
{
    static readonly TimeSpan Within = TimeSpan.FromMinutes(5);

    public static async Task<AuditResult> Of(IStack stack, string publishedFile)
    {
        using var process = Process.Start(ServiceProgram.With(stack.CommandEnvironment, "audit", "--published", publishedFile))!;
        process.StandardInput.Close();
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.WaitForExitAsync().WaitAsync(Within);
        }
        catch (TimeoutException)
        {
            process.Kill();
            return new AuditResult(false, [$"The audit did not end within {Within.TotalMinutes:0} minutes."]);
        }
        string[] lines = [.. (await said).Split('\n'), .. (await complained).Split('\n')];
        return new AuditResult(process.ExitCode == 0, [.. lines.Select(line => line.TrimEnd()).Where(line => line.Length > 0)]);
    }
}
