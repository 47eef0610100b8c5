using Billing.Service.Charging;

namespace Billing.Service.Ledger;

/// <summary>An account as last committed, with those of its free quotas of one month that have a row.</summary>
public sealed record AccountView(string UserId, AccountFunds Funds, long Version, IReadOnlyList<FreeQuotaState> FreeQuotas, DateTimeOffset AsOf);
