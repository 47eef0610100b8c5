using System.Net.Http.Json;
using System.Text.Json;
using Billing.Contracts;
using Billing.Demo.Gateway;

namespace Billing.Demo.Web;

/// <summary>The same questions over HTTP.</summary>
sealed class HttpWebDoor(Uri address) : IWebDoor
{
    readonly HttpClient _client = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(20) };

    public Task<AccountStatus> Account(string user, CancellationToken cancellationToken) => Get(
        PathOf(user), code => new AccountStatus { UserId = user, Exists = false, Code = code, Currency = "", AsOf = default }, cancellationToken);

    public Task<RecordPage> Records(ListRecords request, CancellationToken cancellationToken) => Get(
        $"{PathOf(request.UserId)}/records?limit={request.Limit}{CursorOf(request.Cursor)}", code => new RecordPage { UserId = request.UserId, Code = code, Currency = "" }, cancellationToken);

    public Task<LedgerPage> Ledger(ListLedger request, CancellationToken cancellationToken) => Get(
        $"{PathOf(request.UserId)}/ledger?limit={request.Limit}{CursorOf(request.Cursor)}", code => new LedgerPage { UserId = request.UserId, Code = code, Currency = "" }, cancellationToken);

    public Task<UsageStatistics> Statistics(GetStatistics request, CancellationToken cancellationToken) => Get(
        $"{PathOf(request.UserId)}/statistics?period={request.Period}", code => new UsageStatistics { UserId = request.UserId, Code = code, Currency = "", AsOf = default }, cancellationToken);

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    static string PathOf(string user) => $"v1/accounts/{Uri.EscapeDataString(user)}";

    static string CursorOf(string? cursor) => cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}";

    async Task<T> Get<T>(string path, Func<string, T> refused, CancellationToken cancellationToken)
    {
        using var response = await _client.GetAsync(path, cancellationToken);
        if (response.IsSuccessStatusCode) return (await response.Content.ReadFromJsonAsync<T>(WireFormat.Json, cancellationToken))!;
        if ((int)response.StatusCode >= 500) throw new HttpRequestException($"{path} was answered {(int)response.StatusCode}.");
        return refused((await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("code").GetString()!);
    }
}
