using Billing.Service.Charging;
using Billing.Service.Ledger;
using Billing.TestSupport.Ledger;

namespace Billing.TestSupport.Queries;

/// <summary>
/// One user's past, as a test invents it: records and entries of any time, written by the ledger's own statements but decided by
/// nobody. So a test has the clock changes of other months, and amounts that no funds would cover.
/// </summary>
public sealed class History(LedgerUnderTest ledger, string userId)
{
    readonly List<RecordLine> _records = [];
    readonly List<LedgerLine> _entries = [];
    long _number;

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
        var accountId = transaction.Snapshot.Accounts[UserId].AccountId;
        var decisions = new Decisions([]);
        foreach (var call in calls)
        {
            var record = RecordOf(accountId, call);
            decisions.Records.Add(record);
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
        var decisions = new Decisions([]);
        var entry = new LedgerEntry
        {
            AccountId = transaction.Snapshot.Accounts[UserId].AccountId,
            EntryNumber = ++_number,
            Kind = kind,
            RechargeId = kind is EntryKind.Credit or EntryKind.Refund ? operationId : null,
            RefundId = kind is EntryKind.Refund ? "refund" : null,
            OperationId = operationId,
            Amount = amount,
            BalanceAfter = new Money(_number),
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

    Task<ILedgerTransaction> Begin() => ledger.NewStore().Begin(BatchKeys.Of([new OpenAccount(UserId)], ledger.Rules.Current), default);

    BillingRecord RecordOf(long accountId, Call call)
    {
        var chargedAt = call.OccurredAt + call.Delay;
        return new()
        {
            UsageId = call.IdCarriesTime ? Ids.WithTime(call.OccurredAt) : Ids.WithoutTime(),
            Day = DateOnly.FromDateTime((call.IdCarriesTime ? call.OccurredAt : chargedAt).UtcDateTime),
            AccountId = accountId,
            EntryNumber = ++_number,
            ServiceId = ledger.Rules.Current.Catalogue.Find(call.Service)!.ServiceId,
            Quantity = call.Quantity,
            FreeUnits = call.FreeUnits,
            Cost = call.Cost,
            Amount = call.Amount,
            PriceVersion = 1,
            QuotaMonth = new DateOnly(call.OccurredAt.UtcDateTime.Year, call.OccurredAt.UtcDateTime.Month, 1),
            BalanceAfter = new Money(_number),
            FreeUnitsAfter = _number,
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
