using Billing.Service.Ledger;
using Microsoft.Extensions.Options;

namespace Billing.Service.Quota.Caching;

/// <summary>
/// Whether the database is there. A "yes" from the cache needs no database, and yet is not given while it is away: nothing could be
/// charged then, and calls let through would become debt.
/// </summary>
public sealed class DatabaseContact(ILedgerStore store, TimeProvider time, IOptions<CacheOptions> options) : BackgroundService
{
    readonly TimeSpan _silenceMax = options.Value.DatabaseSilenceMax;
    long _heardAt;
    volatile bool _refused = true;

    public bool IsThere => !_refused && time.GetElapsedTime(Volatile.Read(ref _heardAt)) <= _silenceMax;

    public void Heard()
    {
        Volatile.Write(ref _heardAt, time.GetTimestamp());
        _refused = false;
    }

    public void Refused() => _refused = true;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_silenceMax / 4, time);
        do await Ask(stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    async Task Ask(CancellationToken stopping)
    {
        try
        {
            // SQLite answers on the caller's thread.
            await Task.Run(() => store.Ping(stopping), stopping).WaitAsync(_silenceMax, time, stopping);
            Heard();
        }
        catch (Exception) when (!stopping.IsCancellationRequested)
        {
            // A commit, a read or the next question finds out that it is back.
            Refused();
        }
    }
}
