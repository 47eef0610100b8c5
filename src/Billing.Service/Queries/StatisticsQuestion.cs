using System.Text.RegularExpressions;
using Billing.Service.Charging;
using Billing.Service.Ledger;

namespace Billing.Service.Queries;

/// <summary>What a <see cref="GetStatistics"/> asks, once it is understood: which records, and how they are grouped.</summary>
/// <param name="Unit">Null: not grouped by time.</param>
sealed partial record StatisticsQuestion(TimeRange Range, int? ServiceId, TimeZoneInfo Zone, bool ByService, StatisticsUnit? Unit)
{
    public static Refusal? Read(GetStatistics request, IRules rules, DateTimeOffset now, out StatisticsQuestion? question)
    {
        question = null;
        if (!Name.IsValid(request.UserId)) return new(ErrorCodes.InvalidUserId, $"A user id is {Name.Rule}.");
        if (ZoneOf(request.TimeZone, rules) is not { } zone) return new(ErrorCodes.InvalidTimeZone, $"'{Printable.Of(request.TimeZone!, Name.LengthMax)}' is no IANA time zone known here.");
        if (RangeOf(request, zone, now, out var range) is { } noRange) return noRange;
        if (Services.Find(request.Service, rules, out var serviceId) is { } noService) return noService;
        if (request.GroupBy is null || request.GroupBy.Distinct().Count() < request.GroupBy.Count || request.GroupBy.Except(["service", "day", "hour"]).Any()
            || (request.GroupBy.Contains("day") && request.GroupBy.Contains("hour")))
            return new(ErrorCodes.InvalidGrouping, "groupBy names service, and one of day and hour, each once.");

        StatisticsUnit? unit = request.GroupBy.Contains("day") ? StatisticsUnit.Day : request.GroupBy.Contains("hour") ? StatisticsUnit.Hour : null;
        question = new StatisticsQuestion(range, serviceId, zone, request.GroupBy.Contains("service"), unit);
        return null;
    }

    public DateTimeOffset? Local(DateTimeOffset? instant) => instant is { } given ? TimeZoneInfo.ConvertTime(given, Zone) : null;

    /// <summary>The rows put together as the question groups them.</summary>
    public IReadOnlyList<StatisticsGroup> Groups(IReadOnlyList<StatisticsRow> rows, Cuts? cuts) =>
    [
        .. from row in rows
           where ByService || Unit is not null
           group row by (row.Piece, Service: ByService ? row.Service : null) into same
           orderby same.Key.Piece, same.Key.Service
           select Group(same) with
           {
               Service = same.Key.Service,
               From = cuts is null ? null : Local(Later(cuts.At[same.Key.Piece], Range.From)),
               To = cuts is null ? null : Local(Earlier(cuts.At[same.Key.Piece + 1], Range.To)),
           },
    ];

    /// <summary>All rows in one. Throws <see cref="OverflowException"/> when a sum is too large for the answer.</summary>
    public static StatisticsGroup Group(IEnumerable<StatisticsRow> rows)
    {
        var sums = rows.Aggregate(default(StatisticsSums), (sum, row) => sum + row.Sums);
        return new StatisticsGroup
        {
            Usages = sums.Usages,
            Units = (long)sums.Units,
            FreeUnits = (long)sums.FreeUnits,
            PaidUnits = (long)(sums.Units - sums.FreeUnits),
            Cost = new Money((long)sums.CostNanos),
            Amount = new Money((long)sums.AmountNanos),
            ReversedUsages = sums.ReversedUsages,
            ReversedAmount = new Money((long)sums.ReversedNanos),
        };
    }

    static Refusal? RangeOf(GetStatistics request, TimeZoneInfo zone, DateTimeOffset now, out TimeRange range)
    {
        range = default;
        if (request.Period is null) return TimeRange.Of(request.From, request.To, out range);
        if (request.From is not null || request.To is not null) return new(ErrorCodes.InvalidRange, "A period has its own range: send from and to, or period, not both.");

        var today = LocalTime.DayOf(zone, now);
        var month = new DateOnly(today.Year, today.Month, 1);
        return request.Period switch
        {
            "today" => TimeRange.Of(LocalTime.StartOf(zone, today), LocalTime.StartOf(zone, today.AddDays(1)), out range),
            "this_month" => TimeRange.Of(LocalTime.StartOf(zone, month), LocalTime.StartOf(zone, month.AddMonths(1)), out range),
            "all_time" => null,
            _ => new(ErrorCodes.InvalidRange, "period is today, this_month or all_time."),
        };
    }

    // The name becomes that of a file: nothing but what IANA names are made of may get there.
    static TimeZoneInfo? ZoneOf(string? name, IRules rules) => name is null ? rules.Current.Calendar.Zone
        : IanaName().IsMatch(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone
        : null;

    static DateTimeOffset Later(DateTimeOffset cut, DateTimeOffset? from) => from > cut ? from.Value : cut;

    static DateTimeOffset Earlier(DateTimeOffset cut, DateTimeOffset? to) => to < cut ? to.Value : cut;

    [GeneratedRegex(@"^[A-Za-z0-9_+-]{1,32}(/[A-Za-z0-9_+-]{1,32}){0,2}\z")]
    internal static partial Regex IanaName();
}
