using System.Collections.Concurrent;
using Billing.Sagas;
using Billing.Service.Ledger;
using Billing.TestSupport;
using MassTransit;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Tests.Recharges;

/// <summary>The recharges on a SQLite file and the in-memory transport. The outbox is written and not delivered, so that it can be read.</summary>
public sealed class RunningRecharges : IAsyncLifetime, IReceiveObserver
{
    public static readonly DateTimeOffset Now = new(2026, 6, 20, 12, 0, 0, TimeSpan.Zero);

    readonly string _file = Path.Combine(Path.GetTempPath(), $"recharges-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow())}.db");
    readonly ConcurrentDictionary<Guid, TaskCompletionSource> _awaited = new();
    ServiceProvider _services = null!;
    IBusControl _bus = null!;

    public async Task InitializeAsync()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(new FixedTime(Now));
        services.AddRecharges((_, context) => context.UseSqlite($"Data Source={_file}"), _ => "USD");
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddRecharges(postgres: false, broker: false);
            bus.UsingInMemory((context, memory) =>
            {
                memory.UseRechargesScheduler(context);
                foreach (var recharge in RechargeEndpoints.All) memory.ReceiveEndpoint(recharge.Queue, endpoint =>
                {
                    if (recharge.Kind == RechargeEndpointKind.Changes) endpoint.UseRechargesOutbox(context);
                    recharge.Attach(endpoint, context);
                });
            });
        });
        _services = services.BuildServiceProvider();
        await using (var scope = _services.CreateAsyncScope()) await scope.ServiceProvider.GetRequiredService<RechargesDb>().Database.EnsureCreatedAsync();
        _bus = _services.GetRequiredService<IBusControl>();
        _bus.ConnectReceiveObserver(this);
        await _bus.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _bus.StopAsync();
        await _services.DisposeAsync();
        SqliteConnection.ClearAllPools();
        foreach (var file in (string[])[_file, $"{_file}-wal", $"{_file}-shm"]) File.Delete(file);
    }

    /// <summary>Works on the recharges' database in a scope of its own.</summary>
    internal async Task<T> Use<T>(Func<RechargesDb, Task<T>> work)
    {
        await using var scope = _services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<RechargesDb>());
    }

    /// <summary>Sends a message to a queue and returns once it is consumed; throws what its consumer threw.</summary>
    public async Task Consume<T>(T message, string queue, Action<SendContext<T>>? configure = null) where T : class
    {
        var messageId = NewId.NextGuid();
        var consumed = _awaited.GetOrAdd(messageId, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var endpoint = await _bus.GetSendEndpoint(new Uri($"exchange:{queue}"));
        await endpoint.Send(message, send =>
        {
            send.MessageId = messageId;
            configure?.Invoke(send);
        });
        await consumed.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    public Task PostReceive(ReceiveContext context) => Done(context, null);

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception) where T : class => Done(context.ReceiveContext, exception);

    public Task ReceiveFault(ReceiveContext context, Exception exception) => Done(context, exception);

    public Task PreReceive(ReceiveContext context) => Task.CompletedTask;

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType) where T : class => Task.CompletedTask;

    Task Done(ReceiveContext context, Exception? exception)
    {
        if (context.GetMessageId() is not { } id || !_awaited.TryGetValue(id, out var awaited)) return Task.CompletedTask;
        if (exception is null) awaited.TrySetResult();
        else awaited.TrySetException(exception);
        return Task.CompletedTask;
    }

    sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
