using System.Globalization;
using System.Net.Http.Json;

namespace Billing.Client.Requests;

/// <summary>Where each request goes over HTTP, and as what.</summary>
static class HttpRoutes
{
    public static HttpRequestMessage Of(object request) => request switch
    {
        CheckQuota check => Get($"{Account(check.UserId)}/quota", ("service", check.Service), ("quantity", Text(check.Quantity)), ("cost", check.Cost?.ToString())),
        CheckQuotas checks => Post("v1/quota/checks", checks.Items),
        DeductQuota => Post("v1/deductions", request),
        ReserveQuota reserve => Post($"{Account(reserve.UserId)}/reservations",
            new { reserve.ReservationId, reserve.Service, reserve.Quantity, reserve.Cost, reserve.Currency, reserve.GrantSeconds, reserve.Deadline }),
        ExtendReservation extend => Post($"{Account(extend.UserId)}/reservations/{extend.ReservationId}/extensions",
            new { extend.Step, extend.Quantity, extend.Cost, extend.Currency, extend.GrantSeconds, extend.Deadline }),
        ReleaseQuota release => Post($"{Account(release.UserId)}/reservations/{release.ReservationId}/release", new { release.UsedQuantity }),
        ReverseUsage reverse => Post($"v1/usage/{reverse.UsageId}/reversal", new { reverse.UserId, reverse.Actor, reverse.Reason }),
        InitializeAccount initialize => new HttpRequestMessage(HttpMethod.Put, Account(initialize.UserId)),
        GetAccount account => Get(Account(account.UserId)),
        GetAccounts accounts => Post("v1/accounts/query", accounts),
        ListRecords list => Get($"{Account(list.UserId)}/records",
            ("from", Text(list.From)), ("to", Text(list.To)), ("service", list.Service), ("limit", Text(list.Limit)), ("cursor", list.Cursor)),
        ListLedger list => Get($"{Account(list.UserId)}/ledger", ("from", Text(list.From)), ("to", Text(list.To)), ("limit", Text(list.Limit)), ("cursor", list.Cursor)),
        GetStatistics statistics => Get($"{Account(statistics.UserId)}/statistics",
            ("period", statistics.Period), ("from", Text(statistics.From)), ("to", Text(statistics.To)), ("service", statistics.Service),
            ("groupBy", statistics.GroupBy.Count == 0 ? null : string.Join(',', statistics.GroupBy)), ("timeZone", statistics.TimeZone)),
        StartRecharge start => Post($"{Account(start.UserId)}/recharges", new { start.Amount, start.Currency, start.Channel, start.IdempotencyKey }),
        GetRecharge recharge => Get($"v1/recharges/{recharge.RechargeId}"),
        ListRecharges list => Get($"{Account(list.UserId)}/recharges", ("state", list.State), ("limit", Text(list.Limit)), ("cursor", list.Cursor)),
        GetCatalogue => Get("v1/services"),
        GetService service => Get($"v1/services/{Uri.EscapeDataString(service.Service)}"),
        _ => throw new ArgumentException($"{request.GetType().Name} is no request.", nameof(request)),
    };

    static string Account(string userId) => $"v1/accounts/{Uri.EscapeDataString(userId)}";

    static HttpRequestMessage Post<T>(string path, T body) => new(HttpMethod.Post, path) { Content = JsonContent.Create(body, body!.GetType(), options: HttpRequests.Json) };

    static HttpRequestMessage Get(string path, params ReadOnlySpan<(string Name, string? Value)> query)
    {
        var separator = '?';
        foreach (var (name, value) in query)
        {
            if (value is null) continue;
            path += $"{separator}{name}={Uri.EscapeDataString(value)}";
            separator = '&';
        }
        return new HttpRequestMessage(HttpMethod.Get, path);
    }

    static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    static string? Text(DateTimeOffset? value) => value?.ToString("O", CultureInfo.InvariantCulture);
}
