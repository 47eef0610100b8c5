using Billing.Contracts;
using Billing.Demo.Summary;
using Billing.Service.Ledger;

namespace Billing.Demo.Web;

/// <summary>The running numbers of an account's movements, which no page shows: the database tells them by the ids that pages do show.</summary>
sealed class RunningNumbers(IDatabase database)
{
    /// <summary>How many movements the account has had; null when it is not there.</summary>
    public async Task<long?> Last(string user, CancellationToken cancellationToken) =>
        await database.Read("select last_entry_number from account where user_id = $1", reader => reader.GetInt64(0), cancellationToken, user) is [var last] ? last : null;

    /// <summary>The pages' lines as movements; a line that the database does not know has the number 0.</summary>
    public async Task<IReadOnlyList<Movement>> Number(string user, IReadOnlyList<RecordLine> records, IReadOnlyList<LedgerLine> entries, CancellationToken cancellationToken)
    {
        var ofRecords = (await database.Read(
            "select r.usage_id, r.entry_number from usage_record r join account a on a.account_id = r.account_id where a.user_id = $1",
            reader => (Id: reader.GetGuid(0), Number: reader.GetInt64(1)), cancellationToken, user)).ToDictionary(row => row.Id, row => row.Number);
        // A recharge's credit and its refund may have one id, and not one amount.
        var ofEntries = (await database.Read(
            "select e.operation_id, e.amount_nanos, e.entry_number from ledger_entry e join account a on a.account_id = e.account_id where a.user_id = $1",
            reader => (Id: reader.GetGuid(0), Amount: new Money(reader.GetInt64(1)), Number: reader.GetInt64(2)), cancellationToken, user)).ToDictionary(row => (row.Id, row.Amount), row => row.Number);
        return
        [
            .. records.Select(record => new Movement(ofRecords.GetValueOrDefault(record.UsageId), -record.Amount, record.BalanceAfter, record)),
            .. entries.Select(entry => new Movement(ofEntries.GetValueOrDefault((entry.OperationId, entry.Amount)), entry.Amount, entry.BalanceAfter, null)),
        ];
    }
}
