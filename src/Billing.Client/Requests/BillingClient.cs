using Microsoft.Extensions.Options;

namespace Billing.Client.Requests;

sealed class BillingClient(IRequestDoor door, ServiceClockSetter clock, IOptions<BillingClientOptions> options) : IBillingClient
{
    public Task<QuotaStatus> CheckQuotaAsync(CheckQuota request, CancellationToken cancellationToken) =>
        Ask<CheckQuota, QuotaStatus>(request, answer => (answer.Reason, null), cancellationToken);

    public Task<QuotaStatuses> CheckQuotasAsync(CheckQuotas request, CancellationToken cancellationToken) =>
        Ask<CheckQuotas, QuotaStatuses>(request, answer => (answer.Code, answer.Detail), cancellationToken);

    public async Task<QuotaDeduction> DeductQuotaAsync(DeductQuota request, CancellationToken cancellationToken) =>
        await Ask<DeductQuota, QuotaDeduction>(request with { Deadline = request.Deadline ?? await Deadline(cancellationToken) }, answer => (answer.Code, answer.Detail), cancellationToken);

    public async Task<QuotaReservation> ReserveQuotaAsync(ReserveQuota request, CancellationToken cancellationToken) =>
        await Ask<ReserveQuota, QuotaReservation>(request with { Deadline = request.Deadline ?? await Deadline(cancellationToken) }, answer => (answer.Code, answer.Detail), cancellationToken);

    public async Task<QuotaReservation> ExtendReservationAsync(ExtendReservation request, CancellationToken cancellationToken) =>
        await Ask<ExtendReservation, QuotaReservation>(request with { Deadline = request.Deadline ?? await Deadline(cancellationToken) }, answer => (answer.Code, answer.Detail), cancellationToken);

    public Task<QuotaRelease> ReleaseQuotaAsync(ReleaseQuota request, CancellationToken cancellationToken) =>
        Ask<ReleaseQuota, QuotaRelease>(request, answer => (answer.Code, answer.Detail), cancellationToken);

    public Task<UsageReversal> ReverseUsageAsync(ReverseUsage request, CancellationToken cancellationToken) =>
        Ask<ReverseUsage, UsageReversal>(request, answer => (answer.Code, answer.Detail), cancellationToken);

    public Task<AccountStatus> InitializeAccountAsync(InitializeAccount request, CancellationToken cancellationToken) =>
        Ask<InitializeAccount, AccountStatus>(request, answer => (answer.Code, answer.Detail), cancellationToken);

    public Task<AccountStatus> GetAccountAsync(GetAccount request, CancellationToken cancellationToken) =>
        Ask<GetAccount, AccountStatus>(request, answer => (answer.Code, answer.Detail), cancellationToken);

    public Task<AccountStatuses> GetAccountsAsync(GetAccounts request, CancellationToken cancellationToken) =>
        Ask<GetAccounts, AccountStatuses>(request, answer => (answer.Code, answer.Detail), cancellationToken);

    public Task<RecordPage> ListRecordsAsync(ListRecords request, CancellationToken cancellationToken) =>
        Ask<ListRecords, RecordPage>(request, answer => (answer.Code, answer.Detail), cancellationToken);

    public Task<LedgerPage> ListLedgerAsync(ListLedger request, CancellationToken cancellationToken) =>
        Ask<ListLedger, LedgerPage>(request, answer => (answer.Code, answer.Detail), cancellationToken);

    public Task<UsageStatistics> GetStatisticsAsync(GetStatistics request, CancellationToken cancellationToken) =>
        Ask<GetStatistics, UsageStatistics>(request, answer => (answer.Code, answer.Detail), cancellationToken);

    public Task<RechargeStatus> StartRechargeAsync(StartRecharge request, CancellationToken cancellationToken) =>
        Ask<StartRecharge, RechargeStatus>(request, answer => (answer.Code, answer.Detail), cancellationToken);

    public Task<RechargeStatus> GetRechargeAsync(GetRecharge request, CancellationToken cancellationToken) =>
        Ask<GetRecharge, RechargeStatus>(request, answer => (answer.Code, answer.Detail), cancellationToken);

    public Task<RechargeList> ListRechargesAsync(ListRecharges request, CancellationToken cancellationToken) =>
        Ask<ListRecharges, RechargeList>(request, answer => (answer.Code, answer.Detail), cancellationToken);

    public Task<CatalogueStatus> GetCatalogueAsync(CancellationToken cancellationToken) =>
        Ask<GetCatalogue, CatalogueStatus>(new GetCatalogue(), answer => (answer.Code, answer.Detail), cancellationToken);

    public Task<ServiceStatus> GetServiceAsync(GetService request, CancellationToken cancellationToken) =>
        Ask<GetService, ServiceStatus>(request, answer => (answer.Code, answer.Detail), cancellationToken);

    async Task<DateTimeOffset> Deadline(CancellationToken cancellationToken) => await clock.Now(cancellationToken) + options.Value.RequestTimeout;

    async Task<TResponse> Ask<TRequest, TResponse>(TRequest request, Func<TResponse, (string? Code, string? Detail)> refusal, CancellationToken cancellationToken)
        where TRequest : class where TResponse : class
    {
        var answer = await door.Ask<TRequest, TResponse>(request, cancellationToken);
        return refusal(answer) is ({ } code, var detail) && !IsAnswer(code) ? throw new BillingException(code, detail) : answer;
    }

    /// <summary>A "no", not there, or done before with other content: what a caller decides by. All else is misuse or an outage.</summary>
    static bool IsAnswer(string code) => code == ErrorCodes.ChargingDelayed || ErrorTable.Rows.TryGetValue(code, out var row) && row.Status is 402 or 404 or 409;
}
