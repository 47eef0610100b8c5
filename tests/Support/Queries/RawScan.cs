using System.Numerics;

namespace Billing.TestSupport.Queries;

/// <summary>Statistics by other means: every record is looked at, its own local time says where it belongs.</summary>
public static class RawScan
{
    /// <summary>What a group is known by. <c>Local</c> is the day or hour on the clocks of the zone; the offset tells an hour that comes twice apart.</summary>
    public sealed record Key(string? Service, DateTime? Local, TimeSpan? Offset);

    public sealed record Sums(long Usages, BigInteger Units, BigInteger Free, BigInteger Paid, BigInteger Cost, BigInteger Amount, long Reversed, BigInteger ReversedAmount);

    public static Dictionary<Key, Sums> Of(IEnumerable<RecordLine> records, GetStatistics request, TimeZoneInfo zone) => records
        .Where(record => (request.From is null || record.OccurredAt >= request.From) && (request.To is null || record.OccurredAt < request.To))
        .Where(record => request.Service is null || record.Service == request.Service)
        .GroupBy(record => KeyOf(request, zone, record.Service, record.OccurredAt))
        .ToDictionary(group => group.Key, group => new Sums(
            group.Count(), Add(group, record => record.Quantity), Add(group, record => record.FreeUnits), Add(group, record => record.PaidUnits),
            Add(group, record => record.Cost.Nanos), Add(group, record => record.Amount.Nanos),
            group.Count(record => record.Reversed), Add(group.Where(record => record.Reversed), record => record.Amount.Nanos)));

    /// <summary>The groups of an answer, or its total, in the same form.</summary>
    public static Dictionary<Key, Sums> Of(IEnumerable<StatisticsGroup> groups, GetStatistics request, TimeZoneInfo zone) => groups.ToDictionary(
        group => KeyOf(request, zone, group.Service, group.From),
        group => new Sums(group.Usages, group.Units, group.FreeUnits, group.PaidUnits, group.Cost.Nanos, group.Amount.Nanos, group.ReversedUsages, group.ReversedAmount.Nanos));

    static Key KeyOf(GetStatistics request, TimeZoneInfo zone, string? service, DateTimeOffset? instant)
    {
        var known = request.GroupBy.Contains("service") ? service : null;
        if (instant is not { } given) return new Key(known, null, null);

        var local = TimeZoneInfo.ConvertTime(given, zone);
        if (request.GroupBy.Contains("day")) return new Key(known, local.Date, null);
        return request.GroupBy.Contains("hour") ? new Key(known, local.Date.AddHours(local.Hour), local.Offset) : new Key(known, null, null);
    }

    static BigInteger Add(IEnumerable<RecordLine> records, Func<RecordLine, long> value) => records.Aggregate(BigInteger.Zero, (sum, record) => sum + value(record));
}
