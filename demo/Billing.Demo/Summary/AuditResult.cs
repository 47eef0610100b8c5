using Billing.Demo.Stack;

namespace Billing.Demo.Summary;

/// <summary>What the service's `audit` command says, run as an operator would run it.</summary>
sealed record AuditResult(bool Holds, IReadOnlyList<string> Lines)
{
    public static async Task<AuditResult> Of(IStack stack, string publishedFile)
    {
        var (exitCode, lines) = await ServiceCommand.Run(stack.CommandEnvironment, "audit", "--published", publishedFile);
        return new AuditResult(exitCode == 0, lines);
    }
}
