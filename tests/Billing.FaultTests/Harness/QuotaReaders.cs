namespace Billing.FaultTests.Harness;

/// <summary>Asks whether users may call, all the time: that fills the cache.</summary>
sealed class QuotaReaders : IAsyncDisposable
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    readonly CancellationTokenSource _finish = new();
    readonly HttpClient _http;
    readonly Task _work;
    int _answered;

    public QuotaReaders(Uri address)
    {
        _http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(5) };
        _work = Task.Run(Ask);
    }

    public int Answered => _answered;

    public async ValueTask DisposeAsync()
    {
        await _finish.CancelAsync();
        await _work;
        _http.Dispose();
    }

    async Task Ask()
    {
        for (var turn = 0; await Paced.Next(Pause, _finish.Token); turn++)
        {
            try
            {
                using var answer = await _http.GetAsync($"/v1/accounts/user-{turn % Traffic.UserCount:00}/quota?service=search", CancellationToken.None);
                if (answer.IsSuccessStatusCode) Interlocked.Increment(ref _answered);
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
            {
                // A service that dies answers nobody.
            }
        }
    }
}
