using Billing.ReliableMessaging;
using Billing.Sagas.Desk;
using Billing.Sagas.Doors;
using Billing.Sagas.Queries;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Billing.Sagas;

/// <summary>Puts the recharges into a host.</summary>
public static class RechargeServices
{
    /// <param name="services">The host's services; <see cref="RechargeOptions"/> are configured by the host.</param>
    /// <param name="database">Names the database: <c>UseNpgsql</c> or <c>UseSqlite</c>, without retries.</param>
    /// <param name="currency">The deployment's billing currency.</param>
    public static void AddRecharges(this IServiceCollection services, Action<IServiceProvider, DbContextOptionsBuilder> database, Func<IServiceProvider, string> currency)
    {
        services.AddDbContext<RechargesDb>(database);
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<RechargeOptions>>().Value);
        services.AddSingleton(provider => new OrderRules(currency(provider)));
        services.AddSingleton(provider => new RechargeFigures(provider.GetRequiredService<IServiceScopeFactory>(), provider.GetRequiredService<IOutbox<RechargesDb>>()));
        services.AddScoped(provider => new RechargeQueries(provider.GetRequiredService<RechargesDb>()));
        services.AddScoped(provider => new UnmatchedPaymentQueries(provider.GetRequiredService<RechargesDb>()));
        services.AddScoped(provider => new OutboxDoor(provider.GetRequiredService<RechargesDb>(), provider.GetRequiredService<ISendEndpointProvider>()));
        services.AddScoped(provider => new Assignments(provider.GetRequiredService<RechargesDb>(), provider.GetRequiredService<ISendEndpointProvider>(), provider.GetRequiredService<OrderRules>(), provider.GetRequiredService<TimeProvider>()));
        services.AddScoped(provider => new RechargeOrders(
            provider.GetRequiredService<RechargesDb>(), provider.GetRequiredService<OutboxDoor>(), provider.GetRequiredService<OrderRules>(),
            provider.GetRequiredService<RechargeOptions>(), provider.GetRequiredService<TimeProvider>()));
    }
}
