using System.Globalization;
using Billing.Service.Charging;

namespace Billing.Service.Operators;

/// <summary>What a retry came to. It is kept in the log, and a repeat is answered with it.</summary>
sealed record RetryTally(long Tried, long Charged, long Duplicates, IReadOnlyList<RejectedAgain> RejectedAgain, string? NextCursor)
{
    const string TriedName = "tried";
    const string ChargedName = "charged";
    const string DuplicatesName = "duplicates";
    const string RejectedAgainPrefix = "rejectedAgain.";
    const string NextCursorName = "nextCursor";

    public static RetryTally Of(IReadOnlyList<Outcome> outcomes, string? nextCursor) => new(
        outcomes.Count,
        outcomes.Count(outcome => outcome is Charged { Duplicate: false }),
        outcomes.Count(outcome => outcome is Charged { Duplicate: true }),
        [.. outcomes.OfType<Refused>().GroupBy(refused => refused.Code).OrderBy(same => same.Key, StringComparer.Ordinal)
            .Select(same => new RejectedAgain { Reason = same.Key, Usages = same.Count() })],
        nextCursor);

    public static RetryTally Of(OperatorAct act) => new(
        Number(act, TriedName), Number(act, ChargedName), Number(act, DuplicatesName),
        [.. act.Changes.Where(change => change.Name.StartsWith(RejectedAgainPrefix, StringComparison.Ordinal))
            .Select(change => new RejectedAgain { Reason = change.Name[RejectedAgainPrefix.Length..], Usages = Parse(change.After!) })],
        act.Changes.FirstOrDefault(change => change.Name == NextCursorName)?.After);

    public IReadOnlyList<OperatorActChange> ToChanges() =>
    [
        Change(TriedName, Tried), Change(ChargedName, Charged), Change(DuplicatesName, Duplicates),
        .. RejectedAgain.Select(again => Change(RejectedAgainPrefix + again.Reason, again.Usages)),
        .. NextCursor is null ? Array.Empty<OperatorActChange>() : [new() { Name = NextCursorName, After = NextCursor }],
    ];

    static OperatorActChange Change(string name, long number) => new() { Name = name, After = number.ToString(CultureInfo.InvariantCulture) };

    static long Number(OperatorAct act, string name) => Parse(act.Changes.First(change => change.Name == name).After!);

    static long Parse(string number) => long.Parse(number, CultureInfo.InvariantCulture);
}
