using Billing.ReliableMessaging.Configuration;
using Billing.ReliableMessaging.Engines;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Billing.ReliableMessaging.Delivery;

/// <summary>Delivers the outbox of one context in the background, while the process lives.</summary>
sealed class OutboxDeliveryService<TDbContext>(
    IBusControl bus, IDeliveryConfirmation confirmation, IServiceScopeFactory scopes, OutboxStore<TDbContext> store, OutboxOptions<TDbContext> options, OutboxSignal<TDbContext> signal,
    TimeProvider time, ILogger<OutboxDeliveryService<TDbContext>> logger) : BackgroundService
    where TDbContext : DbContext
{
    static readonly TimeSpan HealthCheck = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan UsualStart = TimeSpan.FromSeconds(5);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // A wrong configuration ends the start, before anything is lost by it.
        await using var scope = scopes.CreateAsyncScope();
        store.For(scope.ServiceProvider.GetRequiredService<TDbContext>());
        await base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Rounds().Select(round => Task.Run(() => Repeat(round, stoppingToken), CancellationToken.None)));

    IEnumerable<IDeliveryRound> Rounds()
    {
        var sender = new GroupSender(bus, confirmation, options.IsMandatory, options.MessageDeliveryTimeout);
        var parts = new DeliveryParts<TDbContext>(scopes, store, options, signal, sender, CanSend, new FailureLog(logger, typeof(TDbContext)), time);
        using var scope = parts.Open(out _, out var sql);
        if (!sql.LocksRows || !confirmation.IsTheSend) return [new InFlightRound<TDbContext>(parts)];
        return [.. Enumerable.Range(0, Math.Max(1, options.ConcurrentDeliveries)).Select(_ => new LockedRound<TDbContext>(parts))];
    }

    async Task Repeat(IDeliveryRound round, CancellationToken stopping)
    {
        var trouble = new Trouble(logger, time, typeof(TDbContext));
        var pause = HealthCheck;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await BusTakesMessages(trouble, stopping);
                var more = await round.Run(stopping);
                trouble.Ended();
                pause = HealthCheck;
                if (!more) await signal.Wait(options.QueryDelay, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
            }
            catch (Exception exception)
            {
                trouble.Goes(exception, exception.Message);
                await Task.Delay(pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
        await End(round);
    }

    async Task BusTakesMessages(Trouble trouble, CancellationToken stopping)
    {
        var since = time.GetTimestamp();
        while (!CanSend())
        {
            if (time.GetElapsedTime(since) > UsualStart) trouble.Goes(null, "the bus takes no messages");
            await Task.Delay(HealthCheck, time, stopping);
        }
    }

    bool CanSend() => confirmation.CanSend(bus.CheckHealth().Status);

    async Task End(IDeliveryRound round)
    {
        try
        {
            await round.End();
        }
        catch (Exception exception)
        {
            logger.LogWarning(exception, "What was delivered last could not be noted: it is sent once more at the next start");
        }
    }
}
