using Billing.Service.Queries;

namespace Billing.TestSupport.Queries;

/// <summary>The readers of one instance of the service.</summary>
public sealed record Readers(IRecordsReader Records, IAccountsReader Accounts, IStatisticsReader Statistics);
