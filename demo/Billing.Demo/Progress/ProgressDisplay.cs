using Spectre.Console;

namespace Billing.Demo.Progress;

static class ProgressDisplay
{
    /// <summary>On the error stream: what goes to the other one is the result.</summary>
    public static IProgressDisplay ForThisTerminal()
    {
        var plain = Console.IsErrorRedirected
            || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 }
            || Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb";
        return plain
            ? new PlainProgress(Console.Error)
            : new LiveProgress(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }));
    }
}
