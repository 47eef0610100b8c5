namespace Billing.FaultTests.Harness;

/// <summary>The ways from a service to its three servers.</summary>
sealed class Wires(PrivateServers servers) : IAsyncDisposable
{
    public Wire Postgres { get; } = new(servers.PortOf(PrivateServers.Postgres));
    public Wire RabbitMq { get; } = new(servers.PortOf(PrivateServers.RabbitMq));
    public Wire Redis { get; } = new(servers.PortOf(PrivateServers.Redis));

    public void Heal()
    {
        foreach (var wire in (Wire[])[Postgres, RabbitMq, Redis]) wire.Heal();
    }

    public async ValueTask DisposeAsync()
    {
        await Postgres.DisposeAsync();
        await RabbitMq.DisposeAsync();
        await Redis.DisposeAsync();
    }
}
