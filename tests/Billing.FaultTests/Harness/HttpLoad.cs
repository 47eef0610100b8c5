using System.Net;
using System.Text.Json;

namespace Billing.FaultTests.Harness;

/// <summary>A gateway on the HTTP door: arrays, single usages and deductions. Confirmed is what was answered; the rest is sent again with the same ids.</summary>
sealed class HttpLoad : ILoad
{
    const int ArrayClients = 2;
    const int ArraySize = 100;
    static readonly TimeSpan ArrayPause = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan SinglePause = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan RepeatPause = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan GiveUpAfter = TimeSpan.FromSeconds(90);

    readonly CancellationTokenSource _finish = new();
    readonly HttpClient _http;
    readonly Traffic _traffic;
    readonly Journal _journal;
    readonly Task _work;

    public HttpLoad(Uri address, Traffic traffic, Journal journal)
    {
        _http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(10) };
        (_traffic, _journal) = (traffic, journal);
        _work = Task.WhenAll([.. Enumerable.Range(0, ArrayClients).Select(_ => Task.Run(SendArrays)), Task.Run(SendSingles), Task.Run(Deduct)]);
    }

    public async Task Finish()
    {
        await _finish.CancelAsync();
        await _work;
        _http.Dispose();
    }

    async Task SendArrays()
    {
        while (await Paced.Next(ArrayPause, _finish.Token)) await Send(_http, _journal, _traffic.Next(ArraySize));
    }

    async Task SendSingles()
    {
        while (await Paced.Next(SinglePause, _finish.Token)) await Send(_http, _journal, _traffic.Next(1));
    }

    /// <summary>Sends usages that have happened until they are answered.</summary>
    public static async Task Send(HttpClient http, Journal journal, IReadOnlyList<SentUsage> usages)
    {
        journal.Sending(usages);
        var (status, body) = await PostUntilAnswered(http, "/v1/usage", SentUsage.ToJson(usages));
        if (status != HttpStatusCode.OK) throw new InvalidOperationException($"/v1/usage answered {status}: {body}");

        var answered = body.GetProperty("charged").GetInt32() + body.GetProperty("duplicates").GetInt32() + body.GetProperty("rejected").GetInt32();
        if (answered != usages.Count) throw new InvalidOperationException($"{usages.Count} usages were sent and {answered} answered.");
        journal.Confirm(usages);
    }

    async Task Deduct()
    {
        while (await Paced.Next(SinglePause, _finish.Token))
        {
            var usage = _traffic.NextDeduction();
            _journal.SendingDeduction(usage);
            var (status, body) = await PostUntilAnswered(_http, "/v1/deductions", usage.ToJson());
            if (status == HttpStatusCode.OK) _journal.Confirm([usage]);
            else _journal.Refuse(usage, body.GetProperty("code").GetString()!);
        }
    }

    public static async Task<(HttpStatusCode Status, JsonElement Body)> PostUntilAnswered(HttpClient http, string path, byte[] body)
    {
        using var giveUp = new CancellationTokenSource(GiveUpAfter);
        while (true)
        {
            try
            {
                using var response = await http.PostAsync(path, new ByteArrayContent(body), giveUp.Token);
                var answer = await response.Content.ReadAsByteArrayAsync(giveUp.Token);
                if (response.StatusCode is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout))
                    return (response.StatusCode, JsonSerializer.Deserialize<JsonElement>(answer));
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or TaskCanceledException && !giveUp.IsCancellationRequested)
            {
                // No answer: it may be charged or not. Only a repeat with the same ids can tell.
            }
            await Task.Delay(RepeatPause, giveUp.Token);
        }
    }
}
