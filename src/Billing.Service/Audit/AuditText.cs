using System.Globalization;

namespace Billing.Service.Audit;

/// <summary>The report as aligned lines: one for each invariant, its first violations below it, notes, and the verdict.</summary>
public static class AuditText
{
    public static void Write(AuditReport report, TextWriter output)
    {
        var nameWidth = report.Invariants.Select(invariant => invariant.Name).Concat(report.Notes.Select(note => note.Name)).Max(name => name.Length);
        var numberWidth = report.Invariants.Select(invariant => invariant.Rows).Concat(report.Notes.Select(note => note.Count)).Max(count => Number(count).Length);
        var countedWidth = report.Invariants.Max(invariant => invariant.Counted.Length);

        foreach (var invariant in report.Invariants)
        {
            output.WriteLine($"{invariant.Name.PadRight(nameWidth)}  {Number(invariant.Rows).PadLeft(numberWidth)} {invariant.Counted.PadRight(countedWidth)}  {Number(invariant.Violations)} violations");
            foreach (var example in invariant.Examples) output.WriteLine($"    {example}");
            if (invariant.Violations > invariant.Examples.Count) output.WriteLine($"    and {Number(invariant.Violations - invariant.Examples.Count)} more");
        }
        foreach (var note in report.Notes) output.WriteLine($"{note.Name.PadRight(nameWidth)}  {Number(note.Count).PadLeft(numberWidth)}");
        output.WriteLine(report.Holds ? "audit: holds" : "audit: VIOLATED");
    }

    static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
