namespace Billing.Service.Queries;

/// <summary>Adds up one user's records: one implementation for each engine, one compliance suite for both.</summary>
public interface IStatisticsReader
{
    /// <summary>One moment of one user's records; null when no operation has named the user yet.</summary>
    Task<IStatisticsSnapshot?> Open(string userId, CancellationToken cancellationToken);
}

/// <summary>A read-only transaction: everything asked of it is as of the same moment.</summary>
public interface IStatisticsSnapshot : IAsyncDisposable
{
    DateTimeOffset AsOf { get; }

    /// <summary>Around all usage of the range, and in the same quarters of an hour as its first and its last; null when there is none.</summary>
    Task<(DateTimeOffset First, DateTimeOffset Last)?> Extent(TimeRange range, CancellationToken cancellationToken);

    /// <summary>The sums of the range, for each service and each piece between two of the times in <paramref name="cuts"/> that has records: one row, or several to be added up.</summary>
    /// <param name="serviceId">Null: all services.</param>
    /// <param name="cuts">Rising, around all records of the range; empty: all is one piece, number 0.</param>
    Task<IReadOnlyList<StatisticsRow>> Sum(TimeRange range, int? serviceId, IReadOnlyList<DateTimeOffset> cuts, CancellationToken cancellationToken);
}

/// <summary>In 128 bits: the sum of amounts that each fit into 64 may not.</summary>
public sealed record StatisticsRow(string Service, int Piece, StatisticsSums Sums);

public readonly record struct StatisticsSums(
    long Usages, Int128 Units, Int128 FreeUnits, Int128 CostNanos, Int128 AmountNanos, long ReversedUsages, Int128 ReversedNanos)
{
    public static StatisticsSums operator +(StatisticsSums left, StatisticsSums right) => new(
        left.Usages + right.Usages, left.Units + right.Units, left.FreeUnits + right.FreeUnits, left.CostNanos + right.CostNanos,
        left.AmountNanos + right.AmountNanos, left.ReversedUsages + right.ReversedUsages, left.ReversedNanos + right.ReversedNanos);
}
