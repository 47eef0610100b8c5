using Billing.Demo.Stack;

namespace Billing.Demo.Summary;

/// <summary>Where the files are, and where to go from here.</summary>
static class NextSteps
{
    public static void Write(DemoOptions options, RunFolder folder, TextWriter output)
    {
        output.WriteLine();
        if (folder.Keep) output.WriteLine($"  kept: {folder.Path} ({string.Join(", ", Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal))})");
        if (folder.DataPath is { } data) output.WriteLine($"  data: {data}; the same command again finds them, and charges nothing twice");
        else if (!folder.Keep && options.Servers) output.WriteLine("  The run's log is gone now (--keep keeps it); its accounts and records live as long as the servers, and those run.sh started end with it.");
        else if (!folder.Keep) output.WriteLine("  All of this was throw-away data, and is gone now (--keep keeps it).");
        if (options.Report is { } report) output.WriteLine($"  report: {report.FullName}");
        if (options.Published is { } published) output.WriteLine($"  confirmed usages: {published.FullName}");
        output.WriteLine("  next: ./run.sh, and in another terminal curl -s localhost:5080 for commands that work as pasted.");
    }
}
