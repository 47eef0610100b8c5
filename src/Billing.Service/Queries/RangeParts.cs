using Billing.Service.Charging;

namespace Billing.Service.Queries;

/// <summary>Which of an account's usages are in its roll-ups.</summary>
enum RolledUp
{
    None,

    /// <summary>Those whose records are gone: the account has few.</summary>
    Retired,

    All,
}

/// <summary>A range as roll-ups can answer it: the whole buckets in it, and what it has of a bucket at its ends, which only the records know.</summary>
/// <param name="Whole">Null: it holds no whole bucket.</param>
sealed record RangeParts(TimeRange? Whole, IReadOnlyList<TimeRange> Rest)
{
    public static RolledUp RolledUpOf(long lastEntryNumber, bool hasRetired) =>
        RollUps.AreKept(lastEntryNumber) ? RolledUp.All : hasRetired ? RolledUp.Retired : RolledUp.None;

    /// <summary>As roll-ups of this account can answer it.</summary>
    public static RangeParts Of(RolledUp rolledUp, TimeRange range, IReadOnlyList<DateTimeOffset> cuts) => rolledUp switch
    {
        RolledUp.All => Of(range, cuts),
        // Each record is either there or in a roll-up.
        RolledUp.Retired => Of(range, cuts) with { Rest = [range] },
        _ => OfRecords(range),
    };

    /// <summary>An account that has no roll-ups yet.</summary>
    public static RangeParts OfRecords(TimeRange range) => new(null, [range]);

    public static RangeParts Of(TimeRange range)
    {
        var (from, to) = (range.From is { } start ? Up(start) : (DateTimeOffset?)null, range.To is { } end ? RollUps.BucketOf(end) : (DateTimeOffset?)null);
        if (from >= to) return OfRecords(range);

        var rest = new List<TimeRange>(2);
        if (range.From < from) rest.Add(new TimeRange(range.From, from));
        if (to < range.To) rest.Add(new TimeRange(to, range.To));
        return new RangeParts(new TimeRange(from, to), rest);
    }

    /// <summary>Some zones of other days are minutes and seconds off: where they cut a bucket apart, the records are read.</summary>
    public static RangeParts Of(TimeRange range, IReadOnlyList<DateTimeOffset> cuts) =>
        cuts.All(cut => RollUps.BucketOf(cut) == cut) ? Of(range) : OfRecords(range);

    static DateTimeOffset Up(DateTimeOffset instant)
    {
        var bucket = RollUps.BucketOf(instant);
        if (bucket == instant) return instant;
        return bucket <= DateTimeOffset.MaxValue - RollUps.Bucket ? bucket + RollUps.Bucket : DateTimeOffset.MaxValue;
    }
}
