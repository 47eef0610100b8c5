using System.Reflection;

namespace Billing.FaultTests.Harness;

/// <summary>The closing line of each test, in the file that <c>BILLING_FAULT_VERDICTS</c> names: what passed is to be seen too.</summary>
static class Verdicts
{
    static readonly string? Path = Environment.GetEnvironmentVariable("BILLING_FAULT_VERDICTS");

    public static void Write(ITestOutputHelper output, int seed, Verdict verdict)
    {
        if (Path is not null) File.AppendAllText(Path, $"{verdict} seed={seed} {NameOf(output)}{Environment.NewLine}");
    }

    // The framework tells it to nobody: its helper keeps the test in a field.
    static string? NameOf(ITestOutputHelper output) =>
        (output.GetType().GetField("test", BindingFlags.Instance | BindingFlags.NonPublic)?.GetValue(output) as ITest)?.DisplayName;
}
