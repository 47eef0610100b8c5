using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;

namespace Billing.FaultTests.Harness.Recharges;

/// <summary>Without a broker: asks for its orders, and tells until it is answered.</summary>
sealed class PaymentOverHttp : IPaymentService
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    readonly HttpClient _http;
    readonly CancellationTokenSource _stopping = new();
    readonly ConcurrentDictionary<Guid, string> _succeeded = new();
    readonly Task _serving;

    public PaymentOverHttp(Uri address)
    {
        _http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(5) };
        _serving = Task.Run(Serve);
    }

    public IReadOnlyDictionary<Guid, string> Succeeded => _succeeded;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _serving;
        _stopping.Dispose();
        _http.Dispose();
    }

    async Task Serve()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var orders = await _http.GetFromJsonAsync<JsonElement>("/v1/payments/orders", _stopping.Token);
                foreach (var order in orders.GetProperty("items").EnumerateArray()) await Pay(order.GetProperty("rechargeId").GetGuid(), order.GetProperty("amount").GetString()!);
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException)
            {
                // Not answered is not kept: the order is still there, and is paid again.
            }
            await Task.Delay(Pause, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task Pay(Guid recharge, string amount)
    {
        var payment = $"pay-{recharge:N}";
        // Success first: once the pay URL is told the order is gone from the list.
        _succeeded.TryAdd(recharge, amount);
        for (var told = 0; told < 2; told++) await Tell("succeeded", new { rechargeId = recharge, paymentId = payment, amount, currency = "USD" });
        await Tell("created", new { rechargeId = recharge, paymentId = payment, payUrl = $"https://pay.example/{recharge}" });
    }

    async Task Tell(string what, object body)
    {
        using var answer = await _http.PostAsJsonAsync($"/v1/payments/{what}", body, _stopping.Token);
        answer.EnsureSuccessStatusCode();
    }
}
