using Billing.Service.Charging;

namespace Billing.Service.Queries;

/// <summary>Reads one user's records and entries, newest first: one implementation for each engine, one compliance suite for both.</summary>
public interface IRecordsReader
{
    /// <summary>At most <see cref="RecordsQuery.Count"/> records; null when no operation has named the user yet.</summary>
    Task<Rows<RecordRow>?> Records(RecordsQuery query, CancellationToken cancellationToken);

    /// <summary>At most <see cref="EntriesQuery.Count"/> entries; null when no operation has named the user yet.</summary>
    Task<Rows<LedgerEntry>?> Entries(EntriesQuery query, CancellationToken cancellationToken);
}

/// <param name="ServiceId">Null: all services.</param>
/// <param name="Before">Only records that come after this one on the list; null: from the newest on.</param>
public sealed record RecordsQuery(string UserId, TimeRange Range, int? ServiceId, Position? Before, int Count);

/// <param name="Before">Only entries with a lower number; null: from the newest on.</param>
public sealed record EntriesQuery(string UserId, TimeRange Range, long? Before, int Count);

public sealed record RecordRow(BillingRecord Record, string Service, bool IsReversed);

/// <param name="CarriedForward">What the account has had besides, and is not kept any more; null while that is nothing.</param>
public sealed record Rows<T>(IReadOnlyList<T> Items, CarriedForward? CarriedForward);
