using Billing.ReliableMessaging;
using Billing.Service.Ledger;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.TestSupport.Ledger;

/// <summary>The outbox of a ledger whose service does not run: what is written into it stays there.</summary>
public sealed class UndeliveredOutbox : IAsyncDisposable
{
    readonly ServiceProvider _services;

    public UndeliveredOutbox(IDatabase database)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(database);
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddLedgerOutbox(onPostgres: database.Engine == "postgres");
            bus.UsingInMemory();
        });
        _services = services.BuildServiceProvider();
    }

    public IOutbox<LedgerOutbox> Outbox => _services.GetRequiredService<IOutbox<LedgerOutbox>>();

    /// <summary>All that is in it, as its delivery would read it.</summary>
    public async Task<List<OutboxMessage>> Read()
    {
        await using var scope = _services.CreateAsyncScope();
        return [.. scope.ServiceProvider.GetRequiredService<LedgerOutbox>().Set<OutboxMessage>()];
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
