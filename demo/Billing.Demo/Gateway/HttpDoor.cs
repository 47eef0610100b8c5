using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Billing.Contracts;
using Billing.Demo.Traffic;

namespace Billing.Demo.Gateway;

/// <summary>The service's HTTP door: every answer comes after the commit, so an answer is a confirmation.</summary>
sealed class HttpDoor(Uri address, WrongUsages wrong, GatewayLog log, TimeProvider time) : IMessageDoor, IQuotaDoor
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    readonly HttpClient _client = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };

    public async Task Send(Delivery delivery, CancellationToken giveUp)
    {
        while (true)
        {
            try
            {
                using var response = await _client.PostAsJsonAsync("v1/usage", WireFormat.Items(delivery), WireFormat.Json, giveUp);
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    await Read(delivery, response, giveUp);
                    return;
                }
                log.NoteRetry($"HTTP answered {(int)response.StatusCode}.");
            }
            catch (Exception exception) when (IsOutage(exception) && !giveUp.IsCancellationRequested)
            {
                // No answer: it may be charged or not, and the same ids again will tell.
                log.NoteRetry(exception.Message);
            }
            await Task.Delay(Pause, time, giveUp);
        }
    }

    public async Task<QuotaStatus> Check(CheckQuota request, CancellationToken cancellationToken)
    {
        var cost = request.Cost is { } named ? $"&cost={named}" : "";
        return await _client.GetFromJsonAsync<QuotaStatus>($"v1/accounts/{Uri.EscapeDataString(request.UserId)}/quota?service={Uri.EscapeDataString(request.Service)}&quantity={request.Quantity}{cost}", WireFormat.Json, cancellationToken)
            ?? throw new HttpRequestException("An empty answer.");
    }

    public async Task<QuotaDeduction> Deduct(DeductQuota request, CancellationToken cancellationToken)
    {
        using var response = await _client.PostAsJsonAsync("v1/deductions", request, WireFormat.Json, cancellationToken);
        if (response.IsSuccessStatusCode) return (await response.Content.ReadFromJsonAsync<QuotaDeduction>(WireFormat.Json, cancellationToken))!;
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return new QuotaDeduction
        {
            UsageId = request.UsageId,
            Charged = false,
            Code = problem.TryGetProperty("code", out var code) ? code.GetString() : throw new HttpRequestException($"Status {(int)response.StatusCode}."),
            Currency = "",
        };
    }

    /// <summary>Puts money on an account; repeated with the same id, it counts once.</summary>
    public async Task Credit(string user, Money amount, Guid adjustmentId, CancellationToken cancellationToken)
    {
        using var response = await _client.PostAsJsonAsync(
            $"v1/accounts/{Uri.EscapeDataString(user)}/adjustments", new { adjustmentId, amount, actor = "demo", reason = "money to start with" }, WireFormat.Json, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Puts a service on sale; the same again changes nothing.</summary>
    public async Task Register(RegisterService service, CancellationToken cancellationToken)
    {
        using var response = await _client.PutAsJsonAsync($"v1/services/{Uri.EscapeDataString(service.Service)}", service, WireFormat.Json, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Nothing while the account is not there.</summary>
    public async Task<Money> BalanceOf(string user, CancellationToken cancellationToken)
    {
        using var response = await _client.GetAsync($"v1/accounts/{Uri.EscapeDataString(user)}", cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound) return Money.Zero;
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<AccountStatus>(WireFormat.Json, cancellationToken))!.Balance;
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    public static bool IsOutage(Exception exception) => exception is HttpRequestException or IOException or OperationCanceledException or JsonException;

    /// <summary>An id that is known to be charged may be misused later.</summary>
    async Task Read(Delivery delivery, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var receipt = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        var first = receipt.GetProperty("items")[0];
        if (first.GetProperty("status").GetString() == "charged" && first.GetProperty("usageId").GetGuid() == delivery.Usages[0].Message.UsageId)
            wrong.NoteCharged(delivery.Usages[0].Message);
    }
}
