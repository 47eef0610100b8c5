using Billing.Tests.Architecture;

namespace Billing.Tests.Recharges;

/// <summary>The table of docs/recharges.md: what each event does in each state.</summary>
static class RechargeTable
{
    public sealed record Cell(string Event, string State, string Becomes, string[] Effects);

    public static IReadOnlyList<Cell> Cells { get; } = Read();

    static List<Cell> Read()
    {
        var rows = File.ReadAllLines(Path.Combine(SourceTree.Root, "docs/recharges.md")).Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Select(Columns).ToList();
        var states = rows[0][1..];
        return [.. rows.Skip(2).SelectMany(row => states.Select((state, index) => CellOf(row[0], state, row[index + 1], states)))];
    }

    static Cell CellOf(string @event, string state, string text, string[] states)
    {
        var words = text == "·" ? [] : text.Split(", ");
        var becomes = words.SingleOrDefault(states.Contains);
        return new Cell(@event, state, becomes ?? state, [.. words.Where(word => word != becomes).Order(StringComparer.Ordinal)]);
    }

    static string[] Columns(string line) => [.. line.Trim('|').Split('|').Select(column => column.Trim())];
}
