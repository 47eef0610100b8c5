using Billing.Service.Charging;
using Billing.Service.Ledger;
using Billing.TestSupport.Ledger;

namespace Billing.TestSupport.Queries;

/// <summary>
/// One user's past, as a test invents it: records and entries of any time, written by the ledger's own statements but decided by
/// nobody. So a test has the clock changes of other months, and amounts that no funds would cover.
/// </summary>
/// <param name="firstNumber">The account's running number before it: by default so large that the account has roll-ups from the first record on.</param>
public sealed class History(LedgerUnderTest ledger, string userId, long firstNumber = RollUps.EntriesMin + 1)
{
    readonly List<RecordLine> _records = [];
    readonly List<LedgerLine> _entries = [];
    readonly Dictionary<Guid, BillingRecord> _billed = [];

    public string UserId { get; } = userId;

    /// <summary>In the order of charging.</summary>
    public IReadOnlyList<RecordLine> Records => _records;

    /// <summary>In the order of entering.</summary>
    public IReadOnlyList<LedgerLine> Entries => _entries;

    /// <summary>Newest first, of two at the same instant the later charged first.</summary>
    public IEnumerable<RecordLine> NewestFirst => _records.Index().OrderByDescending(record => record.Item.OccurredAt).ThenByDescending(record => record.Index).Select(record => record.Item);

    public Task Add(params IReadOnlyCollection<DateTimeOffset> times) => Add(times.Select(time => new Call(time)));

    public async Task Add(IEnumerable<Call> calls)
    {
        await using var transaction = await Begin();
        var account = transaction.Snapshot.Accounts[UserId];
        var decisions = new Decisions([]) { Accounts = { account } };
        foreach (var call in calls)
        {
            var record = RecordOf(account, call);
            decisions.Records.Add(record);
            _billed.Add(record.UsageId, record);
            _records.Add(LineOf(record, call.Service));
        }
        await transaction.Commit(decisions, [], default);
    }

    public async Task Reverse(params IEnumerable<Guid> usageIds)
    {
        foreach (var usageId in usageIds)
        {
            var index = _records.FindIndex(record => record.UsageId == usageId);
            _records[index] = _records[index] with { Reversed = true };
            await Enter(EntryKind.Reversal, usageId, _records[index].Amount);
        }
    }

    public async Task Enter(EntryKind kind, Guid operationId, Money amount, string? actor = "eve", string? reason = "a test")
    {
        await using var transaction = await Begin();
        var account = transaction.Snapshot.Accounts[UserId];
        var number = account.Move(Money.Zero).EntryNumber;
        var decisions = new Decisions([]) { Accounts = { account } };
        if (kind is EntryKind.Reversal) decisions.GivenBack.Add(_billed[operationId]);
        var entry = new LedgerEntry
        {
            AccountId = account.AccountId,
            EntryNumber = number,
            Kind = kind,
            RechargeId = kind is EntryKind.Credit or EntryKind.Refund ? operationId : null,
            RefundId = kind is EntryKind.Refund ? "refund" : null,
            OperationId = operationId,
            Amount = amount,
            BalanceAfter = new Money(number),
            EnteredAt = transaction.Snapshot.Now,
            Actor = actor,
            Reason = reason,
        };
        decisions.Entries.Add(entry);
        await transaction.Commit(decisions, [], default);
        _entries.Add(new LedgerLine
        {
            Kind = kind.ToString().ToLowerInvariant(),
            OperationId = operationId,
            Amount = amount,
            BalanceAfter = entry.BalanceAfter,
            EnteredAt = entry.EnteredAt,
            Actor = actor,
            Reason = reason,
        });
    }

    async Task<ILedgerTransaction> Begin()
    {
        var transaction = await ledger.NewStore().Begin(BatchKeys.Of([new OpenAccount(UserId)], ledger.Rules.Current), default);
        var account = transaction.Snapshot.Accounts[UserId];
        if (account.LastEntryNumber >= firstNumber) return transaction;

        // What went before: movements that nobody asks for.
        while (account.LastEntryNumber < firstNumber) account.Move(Money.Zero);
        await transaction.Commit(new Decisions([]) { Accounts = { account } }, [], default);
        await transaction.DisposeAsync();
        return await ledger.NewStore().Begin(BatchKeys.Of([new OpenAccount(UserId)], ledger.Rules.Current), default);
    }

    BillingRecord RecordOf(AccountState account, Call call)
    {
        var number = account.Move(Money.Zero).EntryNumber;
        var chargedAt = call.OccurredAt + call.Delay;
        return new()
        {
            UsageId = call.IdCarriesTime ? Ids.WithTime(call.OccurredAt) : Ids.WithoutTime(),
            Day = DateOnly.FromDateTime((call.IdCarriesTime ? call.OccurredAt : chargedAt).UtcDateTime),
            AccountId = account.AccountId,
            EntryNumber = number,
            ServiceId = ledger.Rules.Current.Catalogue.Find(call.Service)!.ServiceId,
            Quantity = call.Quantity,
            FreeUnits = call.FreeUnits,
            Cost = call.Cost,
            Amount = call.Amount,
            PriceVersion = 1,
            QuotaMonth = new DateOnly(call.OccurredAt.UtcDateTime.Year, call.OccurredAt.UtcDateTime.Month, 1),
            BalanceAfter = new Money(number),
            FreeUnitsAfter = number,
            OccurredAt = call.OccurredAt.ToUniversalTime(),
            ChargedAt = chargedAt.ToUniversalTime(),
            ContentHash = 7,
        };
    }

    static RecordLine LineOf(BillingRecord record, string service) => new()
    {
        UsageId = record.UsageId,
        Service = service,
        Quantity = record.Quantity,
        FreeUnits = record.FreeUnits,
        PaidUnits = record.Quantity - record.FreeUnits,
        Cost = record.Cost,
        Amount = record.Amount,
        PriceVersion = record.PriceVersion,
        QuotaMonth = $"{record.QuotaMonth:yyyy-MM}",
        BalanceAfter = record.BalanceAfter,
        FreeUnitsAfter = record.FreeUnitsAfter,
        OccurredAt = record.OccurredAt,
        ChargedAt = record.ChargedAt,
        Reversed = false,
    };

    /// <param name="Delay">From its occurrence to its charge: a record lies in the partition of either.</param>
    public sealed record Call(DateTimeOffset OccurredAt, string Service = TestCatalogue.Search, long Quantity = 1, long FreeUnits = 0, TimeSpan Delay = default, bool IdCarriesTime = true)
    {
        public Money Cost { get; init; } = new(2_000_000);
        public Money Amount { get; init; } = new(2_000_000);
    }
}
