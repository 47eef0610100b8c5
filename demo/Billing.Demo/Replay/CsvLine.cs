using System.Text;

namespace Billing.Demo.Replay;

/// <summary>A line of comma-separated fields; one in quotes may hold commas, and quotes written twice.</summary>
static class CsvLine
{
    /// <summary>Null when a quote does not end, or something stands behind its end.</summary>
    public static List<string>? Split(string line)
    {
        var fields = new List<string>();
        var at = 0;
        while (true)
        {
            if (at < line.Length && line[at] == '"')
            {
                if (Quoted(line, ref at) is not { } field) return null;
                fields.Add(field);
            }
            else
            {
                var end = line.IndexOf(',', at);
                fields.Add(end < 0 ? line[at..] : line[at..end]);
                at = end < 0 ? line.Length : end;
            }
            if (at == line.Length) return fields;
            at++;
        }
    }

    static string? Quoted(string line, ref int at)
    {
        var text = new StringBuilder();
        for (at++; at < line.Length; at++)
        {
            if (line[at] != '"') text.Append(line[at]);
            else if (at + 1 < line.Length && line[at + 1] == '"') text.Append(line[++at]);
            else
            {
                at++;
                return at == line.Length || line[at] == ',' ? text.ToString() : null;
            }
        }
        return null;
    }
}
