using Billing.Sagas;
using Billing.Service.Ledger;
using Billing.Service.Ledger.Postgres;
using Billing.Service.Ledger.Sqlite;
using MassTransit;
using MassTransit.Middleware;
using Microsoft.EntityFrameworkCore;

namespace Billing.Service.Hosting;

/// <summary>Connects the recharges to this service's database and bus. They share nothing else with the ledger.</summary>
static class Recharging
{
    public static void AddRecharging(this IServiceCollection services, ServerAddresses addresses, IConfiguration configuration)
    {
        services.Configure<RechargeOptions>(configuration.GetSection(RechargeOptions.Section));
        var pool = addresses.Postgres is { } postgres ? PostgresConnections.ForRecharges(postgres) : null;
        services.AddRecharges((provider, context) =>
        {
            if (pool is not null) context.UseNpgsql(pool);
            else context.UseSqlite(provider.GetRequiredService<SqliteDatabase>().ConnectionString);
            if (FailPoint.IsArmed(FailPoint.BeforeRechargeCommit) || FailPoint.IsArmed(FailPoint.AfterRechargeCommit)) context.AddInterceptors(new CommitFailPoints());
        }, provider => provider.GetRequiredService<IRules>().Currency);
    }

    public static void AddRechargeEndpoints<TEndpoint>(
        this IBusFactoryConfigurator<TEndpoint> bus, IRegistrationContext context, BrokerOptions options, Action<IReceiveEndpointConfigurator> transport)
        where TEndpoint : IReceiveEndpointConfigurator
    {
        bus.UseRechargesScheduler(context);
        foreach (var recharge in RechargeEndpoints.All) bus.ReceiveEndpoint(recharge.Queue, endpoint =>
        {
            endpoint.PrefetchCount = options.RechargePrefetch;
            endpoint.ConcurrentMessageLimit = options.RechargePrefetch;
            transport(endpoint);
            endpoint.PublishFaults = false;
            if (recharge.IsAsked) UnreadableEnvelopes.AreAnsweredAt(endpoint);
            endpoint.ConfigureDeadLetter(dead =>
            {
                if (recharge.IsAsked) dead.UseFilter(new UnreadableRequests());
                dead.UseFilter(new SetAsideOnce());
                dead.UseFilter(new DeadLetterTransportFilter());
            });
            endpoint.ConfigureError(error =>
            {
                error.UseFilter(new RequeueWhenUnavailable(options.RequeueDelay, new Lazy<ILedgerStore>(context.GetRequiredService<ILedgerStore>), orUnheard: true));
                error.UseFilter(new SetAsideOnce());
                if (recharge.IsAsked) error.UseFilter(new UnreadableRequests());
                error.UseFilter(new ErrorTransportFilter());
            });
            switch (recharge.Kind)
            {
                case RechargeEndpointKind.Notices:
                    endpoint.UseRawJsonDeserializer(RawSerializerOptions.AnyMessageType, isDefault: true);
                    break;
                case RechargeEndpointKind.Requests:
                    // One that names no requester is done, and nobody is told.
                    endpoint.UseFilter(new PlainRequests());
                    break;
                case RechargeEndpointKind.Changes:
                    // Two messages of one recharge, or two that claim one payment: the second, tried again, sees what the first did.
                    endpoint.UseMessageRetry(retry => retry.Intervals(20, 100, 500, 1_000));
                    endpoint.UseRechargesOutbox(context);
                    break;
            }
            recharge.Attach(endpoint, context);
        });
    }
}
