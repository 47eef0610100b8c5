using Billing.Contracts;

namespace Billing.Demo.Web;

/// <summary>How a web page asks. A refusal is an answer with its code; without an answer it throws.</summary>
interface IWebDoor : IAsyncDisposable
{
    Task<AccountStatus> Account(string user, CancellationToken cancellationToken);

    Task<RecordPage> Records(ListRecords request, CancellationToken cancellationToken);

    Task<LedgerPage> Ledger(ListLedger request, CancellationToken cancellationToken);

    Task<UsageStatistics> Statistics(GetStatistics request, CancellationToken cancellationToken);
}
