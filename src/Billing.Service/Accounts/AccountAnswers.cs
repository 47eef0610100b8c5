using Billing.Service.Batching;
using Billing.Service.Charging;
using Billing.Service.Ledger;

namespace Billing.Service.Accounts;

/// <summary>Answers <see cref="InitializeAccount"/> and <see cref="GetAccount"/> for every door.</summary>
public sealed class AccountAnswers(ChargingBatcher batcher, ILedgerStore store, IRules rules, TimeProvider time)
{
    public async Task<AccountStatus> Initialize(string? userId, CancellationToken cancellationToken)
    {
        if (!Name.IsValid(userId)) return No(userId, ErrorCodes.InvalidUserId, $"A user id is {Name.Rule}.");
        try
        {
            await batcher.Submit([new OpenAccount(userId!)], Urgency.Interactive, cancellationToken);
        }
        catch (LedgerUnavailableException exception)
        {
            return No(userId, ErrorCodes.DatabaseUnavailable, exception.Message);
        }
        return await Get(userId, cancellationToken);
    }

    public async Task<AccountStatus> Get(string? userId, CancellationToken cancellationToken)
    {
        if (!Name.IsValid(userId)) return No(userId, ErrorCodes.InvalidUserId, $"A user id is {Name.Rule}.");
        var month = rules.Current.Calendar.MonthOf(time.GetUtcNow());
        try
        {
            return await store.Read(userId!, month, cancellationToken) is { } account
                ? Status(account, month)
                : No(userId, ErrorCodes.AccountNotFound, $"No operation has named user '{userId}' yet.");
        }
        catch (Exception exception) when (store.Classify(exception) == FailureKind.Unavailable)
        {
            return No(userId, ErrorCodes.DatabaseUnavailable, "The database is not available; ask again.");
        }
    }

    AccountStatus Status(AccountView account, DateOnly month) => new()
    {
        UserId = account.UserId,
        Exists = true,
        Balance = account.Funds.Balance,
        Held = account.Funds.Held,
        OverdraftLimit = account.Funds.OverdraftLimit,
        Available = account.Funds.Available,
        Currency = rules.Currency,
        FreeQuotas = [.. rules.Current.Catalogue.Services.OrderBy(service => service.Name, StringComparer.Ordinal)
            .Select(service => FreeQuota(service, account, month)).OfType<FreeQuotaStatus>()],
        AsOf = account.AsOf,
    };

    static FreeQuotaStatus? FreeQuota(ServiceOffer service, AccountView account, DateOnly month)
    {
        var row = account.FreeQuotas.FirstOrDefault(quota => quota.Key.ServiceId == service.ServiceId);
        var granted = row?.Granted ?? service.FreeUnitsIn(month);
        return granted == 0 ? null : new FreeQuotaStatus
        {
            Service = service.Name,
            Month = $"{month:yyyy-MM}",
            Granted = granted,
            Used = row?.Used ?? 0,
            Held = row?.Held ?? 0,
            Left = row?.Left ?? granted,
        };
    }

    AccountStatus No(string? userId, string code, string detail) => new()
    {
        UserId = userId ?? "",
        Exists = false,
        Code = code,
        Detail = detail,
        Currency = rules.Currency,
        AsOf = time.GetUtcNow(),
    };
}
