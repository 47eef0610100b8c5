namespace Billing.Service.Queries;

/// <summary>A stretch of time cut into days or hours of a zone: piece i goes from <c>At[i]</c> up to <c>At[i + 1]</c>.</summary>
sealed record Cuts(DateTimeOffset[] At)
{
    /// <summary>Some thousand lines are the most that anybody reads: hours of more than a year, days of 27 years.</summary>
    public const int PiecesMax = 10_000;

    /// <summary>Whole days or hours, from the one that holds the first instant to the one that holds the last; null when they are too many.</summary>
    public static Cuts? Of(TimeZoneInfo zone, StatisticsUnit unit, DateTimeOffset first, DateTimeOffset last)
    {
        var at = new List<DateTimeOffset> { LocalTime.StartOf(zone, unit, first) };
        while (at[^1] <= last)
        {
            if (at.Count > PiecesMax) return null;
            at.Add(LocalTime.EndOf(zone, unit, at[^1]));
        }
        return new Cuts([.. at]);
    }

    /// <summary>The piece that an instant lies in.</summary>
    public int PieceOf(DateTimeOffset instant)
    {
        var found = Array.BinarySearch(At, instant);
        return found >= 0 ? found : ~found - 1;
    }
}
