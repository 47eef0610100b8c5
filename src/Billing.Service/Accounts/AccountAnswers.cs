using Billing.Service.Batching;
using Billing.Service.Charging;
using Billing.Service.Ledger;
using Billing.Service.Queries;

namespace Billing.Service.Accounts;

/// <summary>Answers <see cref="InitializeAccount"/>, <see cref="GetAccount"/> and <see cref="GetAccounts"/> for every door.</summary>
public sealed class AccountAnswers(ChargingBatcher batcher, ILedgerStore store, IAccountsReader reader, IRules rules, TimeProvider time)
{
    public const int AtOnceMax = 500;

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
                : NotThere(userId!);
        }
        catch (Exception exception) when (store.Classify(exception) == FailureKind.Unavailable)
        {
            return No(userId, ErrorCodes.DatabaseUnavailable, "The database is not available; ask again.");
        }
    }

    /// <summary>All of them in one round trip. A user id that is none is answered in its place, and sinks no other.</summary>
    /// <param name="userIds">As they came in: null stands for what is no text at all.</param>
    public async Task<AccountStatuses> Get(IReadOnlyList<string?>? userIds, CancellationToken cancellationToken)
    {
        if (userIds is null) return new AccountStatuses { Code = ErrorCodes.InvalidRequest, Detail = "userIds is missing; send an array of user ids." };
        if (userIds.Count > AtOnceMax) return new AccountStatuses { Code = ErrorCodes.TooMany, Detail = $"The request has {userIds.Count} user ids; {AtOnceMax} are the most." };

        var month = rules.Current.Calendar.MonthOf(time.GetUtcNow());
        var wanted = userIds.Where(Name.IsValid).OfType<string>().ToHashSet(StringComparer.Ordinal);
        try
        {
            var accounts = wanted.Count == 0 ? new Dictionary<string, AccountView>() : await reader.Read(wanted, month, cancellationToken);
            return new AccountStatuses { Items = [.. userIds.Select(Answer)] };

            AccountStatus Answer(string? userId) =>
                !Name.IsValid(userId) ? No(userId, ErrorCodes.InvalidUserId, $"A user id is {Name.Rule}.")
                : accounts.TryGetValue(userId!, out var account) ? Status(account, month)
                : NotThere(userId!);
        }
        catch (Exception exception) when (store.Classify(exception) == FailureKind.Unavailable)
        {
            return new AccountStatuses { Code = ErrorCodes.DatabaseUnavailable, Detail = "The database is not available; ask again." };
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

    AccountStatus NotThere(string userId) => No(userId, ErrorCodes.AccountNotFound, $"No operation has named user '{userId}' yet.");

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
