using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Billing.TestSupport.Messaging;

/// <summary>A process of an application: bus, consumers, saga and outbox, all in one host.</summary>
public sealed class MessagingHost : IAsyncDisposable
{
    readonly IHost _host;
    Task? _killed;

    MessagingHost(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    public IBus Bus => Services.GetRequiredService<IBus>();

    public Script Script => Services.GetRequiredService<Script>();

    public static MessagingHost Build(MessagingDatabase database, MessagingTransport transport, MessagingHostOptions? options = null)
    {
        options ??= new MessagingHostOptions();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddProvider(options.Log);
        builder.Services.AddSingleton<Script>();
        builder.Services.AddDbContextPool<OrdersDb>(database.Use);
        builder.Services.AddDbContextPool<StockDb>(database.Use);
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.SetKebabCaseEndpointNameFormatter();
            bus.AddEntityFrameworkOutbox<OrdersDb>(outbox =>
            {
                database.Use(outbox);
                outbox.UseBusOutbox();
                options.Outbox(outbox);
            });
            bus.AddEntityFrameworkOutbox<StockDb>(database.Use);
            bus.AddOutboxMessageScheduler<OrdersDb>();
            bus.AddSagaStateMachine<OrderStateMachine, OrderState>().EntityFrameworkRepository(repository =>
            {
                repository.ExistingDbContext<OrdersDb>();
                repository.ConcurrencyMode = options.Concurrency;
                database.Use(repository);
            });
            AddConsumers(bus);
            bus.AddRequestClient<Ask>();
            bus.AddConfigureEndpointsCallback(ConfigureEndpoint);
            options.Bus(bus);
            transport.Use(bus);
        });
        return new MessagingHost(builder.Build());
    }

    /// <summary>Returns when every endpoint has its queue: what is published before that is lost to it.</summary>
    public async Task Start()
    {
        await StartWithoutBus();
        var health = await Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, Eventually.Within);
        Assert.Equal(BusHealthStatus.Healthy, health);
    }

    public Task StartWithoutBus() => _host.StartAsync();

    /// <summary>Ends it without waiting for anybody, as a kill does: what is going on is not completed, and nothing is noted.</summary>
    public void Kill() => _killed = _host.StopAsync(new CancellationToken(canceled: true));

    /// <summary>Works in a scope outside of consumers, as a request of HTTP does.</summary>
    public async Task<T> InScope<T>(Func<IServiceProvider, OrdersDb, Task<T>> work)
    {
        await using var scope = Services.CreateAsyncScope();
        return await work(scope.ServiceProvider, scope.ServiceProvider.GetRequiredService<OrdersDb>());
    }

    public Task InScope(Func<IPublishEndpoint, OrdersDb, Task> work) => InScope(async (provider, db) =>
    {
        await work(provider.GetRequiredService<IPublishEndpoint>(), db);
        return true;
    });

    public async ValueTask DisposeAsync()
    {
        await (_killed ?? _host.StopAsync()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_host is IAsyncDisposable host) await host.DisposeAsync();
    }

    static void AddConsumers(IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<ReserveStockConsumer>();
        bus.AddConsumer<OrderFinishedConsumer>();
        bus.AddConsumer<WriteNoteConsumer>();
        bus.AddConsumer<NoteWrittenConsumer>();
        bus.AddConsumer<PlainNoteConsumer>();
        bus.AddConsumer<CountToConsumer>();
        bus.AddConsumer<NumberedConsumer, NumberedConsumerDefinition>();
        bus.AddConsumer<AskConsumer>();
        bus.AddConsumer<TryLaterConsumer, TryLaterConsumerDefinition>();
        bus.AddConsumer<CountStockConsumer>();
    }

    static void ConfigureEndpoint(IRegistrationContext context, string name, IReceiveEndpointConfigurator endpoint)
    {
        if (name == "plain-note" || name == "numbered") return;
        // Outside of the outbox: each attempt has a scope and a context of its own.
        endpoint.UseMessageRetry(retry =>
        {
            retry.Ignore<TimeoutException>();
            retry.Intervals(20, 50, 100, 200, 500, 1000);
        });
        if (name == "count-stock") endpoint.UseEntityFrameworkOutbox<StockDb>(context);
        else endpoint.UseEntityFrameworkOutbox<OrdersDb>(context);
    }
}
