using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Billing.FaultTests.Harness;

/// <summary>
/// A gateway that leases one user's funds to the last call: reserves, hands the lease out, reports the usage under it and releases it.
/// Each request is repeated with the same ids until it is answered.
/// </summary>
sealed class LeaseLoad(Uri address, string user)
{
    const string Service = "search"; // 0.002 a call, nothing free
    const string Price = "0.002";
    const int LeaseCalls = 7;

    /// <summary>What the funds pay for.</summary>
    public const int CallsFunded = 500;

    readonly HttpClient _http = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(10) };

    public async Task Fund(int calls = CallsFunded)
    {
        var amount = (calls * decimal.Parse(Price, CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture);
        using var answer = await _http.PostAsJsonAsync($"/v1/accounts/{user}/adjustments", new { adjustmentId = Guid.CreateVersion7(), amount, actor = "test", reason = "funds" });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Returns the calls handed out, once nothing more can be leased.</summary>
    public async Task<int> Run()
    {
        var handedOut = 0;
        for (var calls = LeaseCalls; calls > 0;)
        {
            var lease = Guid.CreateVersion7();
            var (status, answer) = await Post($"/v1/accounts/{user}/reservations", new { reservationId = lease, service = Service, quantity = calls, grantSeconds = 600 });
            if (status == HttpStatusCode.PaymentRequired)
            {
                calls = answer.GetProperty("affordableQuantity").GetInt32();
                continue;
            }
            Assert.True(answer.GetProperty("granted").GetBoolean(), answer.ToString());

            var usages = Enumerable.Range(0, calls).Select(_ => Usage(lease)).ToArray();
            var (_, charged) = await Post("/v1/usage", new JsonArray(usages));
            Assert.Equal(calls, charged.GetProperty("charged").GetInt32() + charged.GetProperty("duplicates").GetInt32());
            var (_, released) = await Post($"/v1/accounts/{user}/reservations/{lease}/release", new { usedQuantity = calls });
            Assert.True(released.GetProperty("released").GetBoolean(), released.ToString());
            handedOut += calls;
        }
        return handedOut;
    }

    public async Task<(string Balance, string Held)> Account()
    {
        var account = await _http.GetFromJsonAsync<JsonElement>($"/v1/accounts/{user}");
        return (account.GetProperty("balance").GetString()!, account.GetProperty("held").GetString()!);
    }

    JsonObject Usage(Guid lease) => new()
    {
        ["usageId"] = Guid.CreateVersion7().ToString(),
        ["userId"] = user,
        ["service"] = Service,
        ["quantity"] = 1,
        ["occurredAt"] = TimeProvider.System.GetUtcNow().ToString("O"),
        ["reservationId"] = lease.ToString(),
    };

    Task<(HttpStatusCode Status, JsonElement Body)> Post(string path, object body) => HttpLoad.PostUntilAnswered(_http, path, JsonSerializer.SerializeToUtf8Bytes(body));
}
