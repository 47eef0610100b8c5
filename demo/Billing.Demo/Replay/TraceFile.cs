using System.Text;

namespace Billing.Demo.Replay;

/// <summary>A recording, read line by line as often as need be; which format it has its content tells.</summary>
sealed class TraceFile
{
    const int LinesLookedAt = 100;
    static readonly byte[] Utf8Mark = [0xEF, 0xBB, 0xBF];

    readonly string _path;

    TraceFile(string path, TraceId id, ITraceFormat format) => (_path, Id, Format) = (path, id, format);

    public TraceId Id { get; }

    public ITraceFormat Format { get; }

    public static TraceFile Open(ReplayOptions options)
    {
        var path = options.File;
        if (Directory.Exists(path)) throw new DemoFailure($"{path} is a folder; --trace takes one file.");
        if (!File.Exists(path)) throw new DemoFailure($"There is no file {path}.");
        try
        {
            return new TraceFile(path, TraceId.Of(path), FormatOf(path, options));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DemoFailure($"{path} cannot be read: {exception.Message}");
        }
    }

    public IEnumerable<TraceLine> Lines()
    {
        foreach (var (number, line) in Text(_path))
        {
            if (string.IsNullOrWhiteSpace(line) || (number == 1 && Format is TokenLog)) yield return new TraceLine(number, null, null);
            else
            {
                var (call, problem) = Format.Read(number, line);
                yield return new TraceLine(number, call, problem);
            }
        }
    }

    static ITraceFormat FormatOf(string path, ReplayOptions options)
    {
        var (log, isEmpty) = (new AccessLog(), true);
        foreach (var (number, line) in Text(path).Take(LinesLookedAt))
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            isEmpty = false;
            if (number == 1 && TokenLog.ByHeading(line, options) is { } tokens) return tokens;
            if (log.Read(number, line).Call is not null) return log;
        }
        throw new DemoFailure(isEmpty
            ? $"{path} is empty: there is nothing to replay."
            : $"{path} is neither an access log of Apache, common or combined, nor a CSV file whose first line names TIMESTAMP, ContextTokens and GeneratedTokens.");
    }

    /// <summary>The lines with their numbers. A character is a byte: which encoding an address or a path was written in does not matter.</summary>
    internal static IEnumerable<(long Number, string Line)> Text(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        var begin = new byte[Utf8Mark.Length];
        if (stream.ReadAtLeast(begin, begin.Length, throwOnEndOfStream: false) is var read && !begin.AsSpan(0, read).SequenceEqual(Utf8Mark)) stream.Position = 0;
        using var reader = new StreamReader(stream, Encoding.Latin1, detectEncodingFromByteOrderMarks: false, bufferSize: 1 << 16);
        for (var number = 1L; reader.ReadLine() is { } line; number++) yield return (number, line);
    }
}
