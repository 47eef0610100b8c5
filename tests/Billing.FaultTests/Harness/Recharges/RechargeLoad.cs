using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;

namespace Billing.FaultTests.Harness.Recharges;

/// <summary>Users who order top-ups over HTTP, each with a key of its own, again and again until they are answered.</summary>
sealed class RechargeLoad
{
    const int AtOnce = 8;
    const string Payer = "payer-";
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan GiveUpAfter = TimeSpan.FromMinutes(5);

    readonly Uri _address;
    readonly Task _ordering;

    RechargeLoad(Uri address, int count, int first)
    {
        _address = address;
        _ordering = Parallel.ForAsync(first, first + count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, _) => await Order(number));
    }

    /// <summary>What was ordered, by recharge.</summary>
    public ConcurrentDictionary<Guid, string> Ordered { get; } = new();

    /// <summary>Whether this is one of its users, whose credits are compared with their payments.</summary>
    public static bool IsPayer(string user) => user.StartsWith(Payer, StringComparison.Ordinal);

    /// <param name="address">The service's.</param>
    /// <param name="count">Orders.</param>
    /// <param name="first">The number of the first one: those of another load have others.</param>
    public static RechargeLoad Start(Uri address, int count, int first = 0) => new(address, count, first);

    public Task Finish() => _ordering;

    async Task Order(int number)
    {
        using var http = new HttpClient { BaseAddress = _address, Timeout = TimeSpan.FromSeconds(10) };
        using var giveUp = new CancellationTokenSource(GiveUpAfter);
        var amount = $"{number % 50 + 1}.25";
        while (true)
        {
            try
            {
                var order = new { amount, channel = "card", idempotencyKey = $"order-{number}" };
                using var answer = await http.PostAsJsonAsync($"/v1/accounts/{Payer}{number % 7}/recharges", order, giveUp.Token);
                if (answer.IsSuccessStatusCode)
                {
                    var status = await answer.Content.ReadFromJsonAsync<JsonElement>(giveUp.Token);
                    Ordered[status.GetProperty("rechargeId").GetGuid()] = amount;
                    return;
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or IOException && !giveUp.IsCancellationRequested)
            {
                // Unknown is not ordered: the same key goes again.
            }
            await Task.Delay(Pause, giveUp.Token);
        }
    }
}
