namespace Billing.FaultTests.Harness;

/// <summary>The ledger as it stands in the database.</summary>
sealed record LedgerRows(
    IReadOnlyList<AccountRow> Accounts, IReadOnlyList<RecordRow> Records, IReadOnlyList<EntryRow> Entries, IReadOnlyList<RejectionRow> Rejections, IReadOnlyList<QuotaRow> Quotas);

sealed record AccountRow(long AccountId, string UserId, long BalanceNanos, long HeldNanos, long LastEntryNumber);

sealed record RecordRow(
    Guid UsageId, long AccountId, long EntryNumber, string Service, long Quantity, long FreeUnits, long CostNanos, long AmountNanos,
    string QuotaMonth, long BalanceAfterNanos, long FreeUnitsAfter, DateTimeOffset OccurredAt);

sealed record EntryRow(Guid OperationId, long AccountId, long EntryNumber, long AmountNanos, long BalanceAfterNanos);

sealed record RejectionRow(string UsageId, string Code);

sealed record QuotaRow(long AccountId, string Service, string Month, long Granted, long Used, long Held);
