using Billing.ReliableMessaging.Configuration;
using Billing.ReliableMessaging.Engines;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Billing.ReliableMessaging.Delivery;

/// <summary>Forgets messages older than the duplicate detection window, in short transactions.</summary>
sealed class InboxCleanupService<TDbContext>(
    IServiceScopeFactory scopes, OutboxStore<TDbContext> store, OutboxOptions<TDbContext> options, TimeProvider time, ILogger<InboxCleanupService<TDbContext>> logger) : BackgroundService
    where TDbContext : DbContext
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var trouble = new Trouble(logger, time, typeof(TDbContext));
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await CleanOnce(stoppingToken) == options.CleanupLimit)
                {
                }
                trouble.Ended();
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                trouble.Goes(exception, exception.Message);
            }
            await Task.Delay(options.CleanupDelay, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task<int> CleanOnce(CancellationToken stopping)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TDbContext>();
        var sql = store.For(db);
        var before = time.GetUtcNow().UtcDateTime - options.DuplicateDetectionWindow;
        if (!await db.Set<InboxState>().AnyAsync(row => row.Received < before, stopping)) return 0;
        return await WriteTransaction.Run(db, () => sql.CleanInbox(db, before, options.CleanupLimit, stopping), stopping);
    }
}
