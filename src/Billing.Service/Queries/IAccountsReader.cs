using Billing.Service.Ledger;

namespace Billing.Service.Queries;

/// <summary>Reads many accounts as last committed: one implementation for each engine, one compliance suite for both.</summary>
public interface IAccountsReader
{
    /// <summary>By user id, those that are there, each with its free quotas of one month; all as of one moment, in one round trip. Creates nothing.</summary>
    Task<IReadOnlyDictionary<string, AccountView>> Read(IReadOnlyCollection<string> userIds, DateOnly month, CancellationToken cancellationToken);
}
