using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Billing.Demo.Payments.Journaling;

/// <summary>
/// What the payment service did, as JSON lines, so that killed and started again it goes on where it was. A line stands in the file
/// before anything is told of it.
/// </summary>
public sealed class Journal : IDisposable
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    readonly Lock _lock = new();
    readonly FileStream _file;
    readonly HashSet<(string, Guid, string, string?)> _written;

    public Journal(string path)
    {
        AtStart = Read(path);
        _written = [.. AtStart.Select(line => line.Key)];
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        CutTornLine();
    }

    /// <summary>What stood in the file when it was opened.</summary>
    public IReadOnlyList<JournalLine> AtStart { get; }

    /// <summary>The journal as it stands, also while it is written to. A line that is not complete yet is not read.</summary>
    public static IReadOnlyList<JournalLine> Read(string path)
    {
        if (!File.Exists(path)) return [];
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var text = reader.ReadToEnd();
        return [.. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JournalLine>(line, Json)!)];
    }

    /// <summary>Once: what happened before a restart and happens again in its script is not written twice.</summary>
    public void Write(JournalLine line)
    {
        lock (_lock)
        {
            if (!_written.Add(line.Key)) return;
            _file.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(line, Json) + "\n"));
        }
    }

    public bool Has(JournalLine line)
    {
        lock (_lock) return _written.Contains(line.Key);
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Killed while writing: nobody was told of that line, and it happens again.</summary>
    void CutTornLine()
    {
        var content = new byte[_file.Length];
        _file.ReadExactly(content);
        _file.SetLength(Array.LastIndexOf(content, (byte)'\n') + 1);
        _file.Seek(0, SeekOrigin.End);
    }
}
