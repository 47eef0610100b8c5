using Billing.Service.Charging;
using Billing.Service.Ledger;

namespace Billing.Service.Queries;

/// <summary>Accounts put together from rows that have one free quota each.</summary>
sealed class AccountViews(int count)
{
    readonly Dictionary<string, AccountView> _byUser = new(count, StringComparer.Ordinal);

    public IReadOnlyDictionary<string, AccountView> ByUser => _byUser;

    /// <summary>The list of the account's free quotas, to add to; the account is made by its first row.</summary>
    public List<FreeQuotaState> Add(string userId, AccountFunds funds, long version, DateTimeOffset asOf)
    {
        if (_byUser.TryGetValue(userId, out var known)) return (List<FreeQuotaState>)known.FreeQuotas;

        var quotas = new List<FreeQuotaState>();
        _byUser.Add(userId, new AccountView(userId, funds, version, quotas, asOf));
        return quotas;
    }
}
