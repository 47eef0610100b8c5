using Npgsql;

namespace Billing.Benchmarks.Compare;

/// <summary>How often a transaction of one process stands in line for a row that another one has.</summary>
sealed class LockWaits : IAsyncDisposable
{
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    readonly CancellationTokenSource _stop = new();
    readonly Task _work;
    long _looks, _found;

    public LockWaits(NpgsqlDataSource database) => _work = Task.Run(() => Work(database));

    public string Says => $"at {(double)_found / Math.Max(1, _looks):P0} of {_looks:N0} looks a transaction waited for a lock";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work;
        _stop.Dispose();
    }

    async Task Work(NpgsqlDataSource database)
    {
        while (!_stop.IsCancellationRequested)
        {
            await using (var command = database.CreateCommand("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"))
            {
                if ((long)(await command.ExecuteScalarAsync())! > 0) _found++;
            }
            _looks++;
            await Task.Delay(Look);
        }
    }
}
