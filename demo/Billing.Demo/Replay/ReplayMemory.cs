using System.Globalization;
using System.Text.Json;

namespace Billing.Demo.Replay;

/// <summary>
/// What was replayed into a folder, and the anchor of each recording: kept beside the databases, so that the same recording again has the
/// same times, and with them the same contents.
/// </summary>
sealed class ReplayMemory(string path)
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public bool Knows(string fileHash) => Read().Any(replay => replay.Sha256 == fileHash);

    /// <summary>The anchor of this recording; written down, on disk, before the first usage can be sent.</summary>
    /// <param name="recipe">What decides on a usage beside the file: with another one the same ids would have other contents.</param>
    /// <param name="wanted">By the command line.</param>
    /// <returns>The anchor, and whether an earlier replay had set it.</returns>
    public (DateTimeOffset Anchor, bool IsKnown) AnchorOf(string fileHash, string name, string recipe, DateTimeOffset? wanted, DateTimeOffset now)
    {
        var known = Read();
        if (known.Find(replay => replay.Sha256 == fileHash) is not { } earlier)
        {
            var anchor = wanted ?? now;
            Write([.. known, new Entry(fileHash, name, recipe, anchor)]);
            return (anchor, false);
        }

        if (earlier.Recipe != recipe)
            throw new DemoFailure($"This recording was replayed on these data with other options, and its usages would be other contents under the same ids. Then: {earlier.Recipe}. Now: {recipe}. Take the options of then, or another --data.");
        if (wanted is { } given && given != earlier.Anchor)
            throw new DemoFailure($"This recording was replayed on these data with the anchor {Text(earlier.Anchor)}: leave --anchor out, or take another --data.");
        return (earlier.Anchor, true);
    }

    public static string Text(DateTimeOffset anchor) => anchor.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    List<Entry> Read()
    {
        if (!File.Exists(path)) return [];
        try
        {
            return JsonSerializer.Deserialize<List<Entry>>(File.ReadAllText(path), Json) ?? [];
        }
        catch (JsonException exception)
        {
            throw new DemoFailure($"{path}, which remembers what was replayed here, cannot be read: {exception.Message}");
        }
    }

    // Whole or not at all: dying here leaves the file as it was, and nothing sent.
    void Write(List<Entry> entries)
    {
        var unfinished = path + ".new";
        using (var stream = File.Create(unfinished))
        {
            JsonSerializer.Serialize(stream, entries, Json);
            stream.Flush(flushToDisk: true);
        }
        File.Move(unfinished, path, overwrite: true);
    }

    sealed record Entry(string Sha256, string Name, string Recipe, DateTimeOffset Anchor);
}
