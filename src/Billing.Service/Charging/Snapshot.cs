using Billing.Service.Charging.Reservations;

namespace Billing.Service.Charging;

/// <summary>What a batch's transaction found under the accounts' locks: everything its decisions need.</summary>
public sealed class Snapshot
{
    /// <summary>The batch's one "now", read from the database after the locks were taken.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The catalogue's version in the database: only rules of this version may decide.</summary>
    public required long CatalogueVersion { get; init; }

    public required IReadOnlyDictionary<string, AccountState> Accounts { get; init; }

    /// <summary>Free quotas that have a row; one that has none is granted by the catalogue.</summary>
    public required Dictionary<FreeQuotaKey, FreeQuotaState> FreeQuotas { get; init; }

    /// <summary>The records of those usage ids of the batch that are charged already.</summary>
    public required Dictionary<Guid, BillingRecord> Records { get; init; }

    /// <summary>The entries of those operation ids of the batch that are in the ledger already.</summary>
    public required Dictionary<(EntryKind Kind, Guid OperationId), LedgerEntry> Entries { get; init; }

    /// <summary>What was taken back so far of those recharges of the batch of which anything was.</summary>
    public required Dictionary<Guid, Money> TakenBack { get; init; }

    /// <summary>The reservations that the batch names and that are there.</summary>
    public required Dictionary<ReservationKey, ReservationState> Reservations { get; init; }

    /// <summary>Those acts of the batch that are in the log already, where the log alone knows their ids.</summary>
    public required Dictionary<(string Kind, Guid OperationId), OperatorAct> Acts { get; init; }

    /// <summary>Of the days inside the ids of usages to reverse, those whose records were retired, or are being.</summary>
    public HashSet<DateOnly> RetiredDays { get; } = [];
}
