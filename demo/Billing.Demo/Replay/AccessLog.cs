using System.Globalization;
using Billing.Service.Charging;

namespace Billing.Demo.Replay;

/// <summary>
/// Apache's common or combined access log: <c>address ident user [time] "request" status bytes</c>, then referer and agent in quotes, and
/// whatever else a server adds. The user is the address, the service follows from the path.
/// </summary>
sealed class AccessLog : ITraceFormat
{
    const int NamesBeforeTime = 3;

    public string Recipe => "access log";

    public bool HasCosts => false;

    public (TraceCall? Call, string? Problem) Read(long number, string line)
    {
        var opened = line.IndexOf(" [", StringComparison.Ordinal);
        if (opened < 0) return (null, "there is no [time]");
        var names = line[..opened].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (names.Length < NamesBeforeTime || line[0] == ' ') return (null, "address, ident and user do not stand before the time");
        if (!Name.IsValid(names[0])) return (null, $"the address is no user id, which is {Name.Rule}");

        var closed = line.IndexOf(']', opened);
        if (closed < 0) return (null, "the [time] does not end");
        var written = line[(opened + 2)..closed];
        if (!DateTimeOffset.TryParseExact(written, "dd/MMM/yyyy:HH:mm:ss zzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at))
            return (null, $"the time is '{Shown.Of(written)}', not such as 17/May/2015:10:05:03 +0000");

        var rest = new Fields(line, closed + 1);
        if (!rest.TakeQuoted(out var request)) return (null, "the request in quotes is missing or does not end");
        if (!rest.TakeWord(out var status) || status.Length != 3 || !status.All(char.IsAsciiDigit)) return (null, "the status is not three digits");
        if (!rest.TakeWord(out var size) || !(size == "-" || size.All(char.IsAsciiDigit))) return (null, "the size is neither a number nor -");
        if (rest.ReadRest() is { } problem) return (null, problem);
        return TargetOf(request) is { } target
            ? (new TraceCall(names[0], ServiceOfPath.Of(target), null, at), null)
            : (null, $"the request is '{Shown.Of(request)}', not a method and a path");
    }

    /// <summary>Between the method and the protocol, which the oldest requests do not have; a path written with blanks keeps them.</summary>
    static string? TargetOf(string request)
    {
        var first = request.IndexOf(' ');
        if (first < 1 || !request.AsSpan(0, first).ContainsOnlyMethodLetters()) return null;
        var last = request.LastIndexOf(' ');
        var end = last > first && request.AsSpan(last + 1).StartsWith("HTTP/") ? last : request.Length;
        var target = request[(first + 1)..end].Trim(' ');
        return target.Length == 0 ? null : target;
    }

    /// <summary>What stands behind the time, field by field.</summary>
    ref struct Fields(string line, int at)
    {
        int _at = at;

        public bool TakeQuoted(out string text)
        {
            text = "";
            if (!SkipBlank() || line[_at] != '"') return false;
            var begin = ++_at;
            while (_at < line.Length && line[_at] != '"') _at += line[_at] == '\\' ? 2 : 1;
            if (_at >= line.Length) return false;
            text = Unescaped(line[begin.._at]);
            _at++;
            return true;
        }

        public bool TakeWord(out string text)
        {
            text = "";
            if (!SkipBlank()) return false;
            var begin = _at;
            while (_at < line.Length && line[_at] != ' ') _at++;
            text = line[begin.._at];
            return true;
        }

        /// <summary>Nothing, or referer and agent, or more; what begins with a quote has to end with one.</summary>
        public string? ReadRest()
        {
            while (_at < line.Length)
            {
                if (line[_at] != ' ') return "a field in quotes does not end before a blank";
                if (!SkipBlank()) break;
                if (line[_at] == '"' ? !TakeQuoted(out _) : !TakeWord(out _)) return "a field in quotes does not end";
            }
            return null;
        }

        /// <summary>False at the end, and where there is no blank to skip.</summary>
        bool SkipBlank()
        {
            if (_at >= line.Length || line[_at] != ' ') return _at < line.Length && line[_at - 1] == ' ';
            while (_at < line.Length && line[_at] == ' ') _at++;
            return _at < line.Length;
        }

        // The server writes a quote as \" and a byte that it does not print as \xhh.
        static string Unescaped(string text) => text.Contains('\\') ? text.Replace("\\\"", "\"", StringComparison.Ordinal) : text;
    }
}

static class MethodLetters
{
    public static bool ContainsOnlyMethodLetters(this ReadOnlySpan<char> text)
    {
        foreach (var character in text)
            if (!char.IsAsciiLetter(character) && character is not ('-' or '_')) return false;
        return true;
    }
}
