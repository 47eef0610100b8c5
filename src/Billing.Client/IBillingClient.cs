namespace Billing.Client;

/// <summary>
/// Questions and orders to the billing service, over the broker or HTTP alike. An answer says "no" by its code; a
/// <see cref="BillingException"/> says that there is no answer or that the request is wrong, and what to do. What an API key or a
/// broker user may not ask ends with <see cref="ClientErrorCodes.NotLetIn"/>; over the broker, which drops such requests unseen,
/// some end with <see cref="ClientErrorCodes.NoAnswer"/>.
/// </summary>
public interface IBillingClient
{
    /// <summary>May the user make these calls? Reads only, sets nothing aside.</summary>
    Task<QuotaStatus> CheckQuotaAsync(CheckQuota request, CancellationToken cancellationToken = default);

    /// <summary>Up to 500 checks at once.</summary>
    Task<QuotaStatuses> CheckQuotasAsync(CheckQuotas request, CancellationToken cancellationToken = default);

    /// <summary>Charges a call before it is made, all or nothing. Repeated with the same usage id it is charged once.</summary>
    Task<QuotaDeduction> DeductQuotaAsync(DeductQuota request, CancellationToken cancellationToken = default);

    /// <summary>Sets funds aside for calls to come. For leases that renew themselves there is the quota gate.</summary>
    Task<QuotaReservation> ReserveQuotaAsync(ReserveQuota request, CancellationToken cancellationToken = default);

    Task<QuotaReservation> ExtendReservationAsync(ExtendReservation request, CancellationToken cancellationToken = default);

    Task<QuotaRelease> ReleaseQuotaAsync(ReleaseQuota request, CancellationToken cancellationToken = default);

    /// <summary>Gives a charged usage back to where it was taken from, once.</summary>
    Task<UsageReversal> ReverseUsageAsync(ReverseUsage request, CancellationToken cancellationToken = default);

    /// <summary>Makes an account ready before its first call; doing it again changes nothing.</summary>
    Task<AccountStatus> InitializeAccountAsync(InitializeAccount request, CancellationToken cancellationToken = default);

    Task<AccountStatus> GetAccountAsync(GetAccount request, CancellationToken cancellationToken = default);

    /// <summary>Up to 500 accounts at once.</summary>
    Task<AccountStatuses> GetAccountsAsync(GetAccounts request, CancellationToken cancellationToken = default);

    Task<RecordPage> ListRecordsAsync(ListRecords request, CancellationToken cancellationToken = default);

    Task<LedgerPage> ListLedgerAsync(ListLedger request, CancellationToken cancellationToken = default);

    Task<UsageStatistics> GetStatisticsAsync(GetStatistics request, CancellationToken cancellationToken = default);

    /// <summary>Orders a top-up; the same idempotency key is the same recharge.</summary>
    Task<RechargeStatus> StartRechargeAsync(StartRecharge request, CancellationToken cancellationToken = default);

    Task<RechargeStatus> GetRechargeAsync(GetRecharge request, CancellationToken cancellationToken = default);

    Task<RechargeList> ListRechargesAsync(ListRecharges request, CancellationToken cancellationToken = default);

    Task<CatalogueStatus> GetCatalogueAsync(CancellationToken cancellationToken = default);

    Task<ServiceStatus> GetServiceAsync(GetService request, CancellationToken cancellationToken = default);
}
