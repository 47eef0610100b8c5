using System.Net.Http.Json;
using System.Text.Json;
using Billing.Contracts;
using Billing.Demo.Gateway;

namespace Billing.Demo.Recharges;

/// <summary>Orders and decisions over HTTP.</summary>
sealed class HttpRechargeDoor(Uri address) : IRechargeDoor
{
    readonly HttpClient _client = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };

    public Task<RechargeStatus> Start(StartRecharge order, CancellationToken cancellationToken) => Post<RechargeStatus>(
        $"v1/accounts/{Uri.EscapeDataString(order.UserId)}/recharges", new { order.Amount, order.Currency, order.Channel, order.IdempotencyKey },
        (code, detail) => new RechargeStatus { RechargeId = Guid.Empty, State = RechargeStates.Refused, Code = code, Detail = detail }, cancellationToken);

    public Task<RechargeStatus> Resolve(ResolveRecharge decision, CancellationToken cancellationToken) => Post<RechargeStatus>(
        $"v1/recharges/{decision.RechargeId}/resolution", new { decision.Credit, decision.Actor, decision.Reason },
        (code, detail) => new RechargeStatus { RechargeId = decision.RechargeId, State = RechargeStates.Refused, Code = code, Detail = detail }, cancellationToken);

    public Task<UnmatchedPaymentStatus> Assign(AssignPayment decision, CancellationToken cancellationToken) => Post<UnmatchedPaymentStatus>(
        $"v1/unmatched-payments/{decision.UnmatchedId}/assignment", new { decision.UserId, decision.RechargeId, decision.Actor, decision.Reason },
        (code, detail) => new UnmatchedPaymentStatus { UnmatchedId = decision.UnmatchedId, Code = code, Detail = detail }, cancellationToken);

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    async Task<T> Post<T>(string path, object body, Func<string, string?, T> refused, CancellationToken cancellationToken)
    {
        using var response = await _client.PostAsJsonAsync(path, body, WireFormat.Json, cancellationToken);
        if (response.IsSuccessStatusCode) return (await response.Content.ReadFromJsonAsync<T>(WireFormat.Json, cancellationToken))!;
        if ((int)response.StatusCode >= 500) throw new HttpRequestException($"{path} was answered {(int)response.StatusCode}.");
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return refused(problem.GetProperty("code").GetString()!, problem.TryGetProperty("detail", out var detail) ? detail.GetString() : null);
    }
}
