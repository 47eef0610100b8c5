using Billing.Contracts;

namespace Billing.Demo.Replay;

/// <summary>What has to be known of a recording before its first call is sent: found in one reading.</summary>
sealed class Survey
{
    readonly Dictionary<string, UserNeed> _users = new(StringComparer.Ordinal);
    readonly SortedSet<string> _services = new(StringComparer.Ordinal);
    readonly List<MalformedLine> _malformed = [];

    public long Lines { get; private set; }

    /// <summary>Empty ones, and the heading of a table.</summary>
    public long LinesWithoutCall { get; private set; }

    public long Calls { get; private set; }

    public IReadOnlyList<MalformedLine> Malformed => _malformed;

    public DateTimeOffset First { get; private set; } = DateTimeOffset.MaxValue;

    public DateTimeOffset Last { get; private set; } = DateTimeOffset.MinValue;

    public IReadOnlyCollection<string> Services => _services;

    public IReadOnlyDictionary<string, UserNeed> Users => _users;

    public static Survey Of(TraceFile file)
    {
        var survey = new Survey();
        foreach (var line in file.Lines()) survey.Add(line);
        if (survey.Calls == 0) throw new DemoFailure("There is no call in the file: nothing to replay.");
        return survey;
    }

    void Add(TraceLine line)
    {
        Lines++;
        if (line.Problem is { } problem) _malformed.Add(new MalformedLine(line.Number, problem));
        else if (line.Call is not { } call) LinesWithoutCall++;
        else
        {
            Calls++;
            if (call.At < First) First = call.At;
            if (call.At > Last) Last = call.At;
            _services.Add(call.Service);
            var need = _users.GetValueOrDefault(call.User);
            _users[call.User] = new UserNeed(need.Calls + 1, need.Costs + (call.Cost ?? Money.Zero));
        }
    }
}

/// <summary>What a user of the recording does.</summary>
readonly record struct UserNeed(long Calls, Money Costs);
