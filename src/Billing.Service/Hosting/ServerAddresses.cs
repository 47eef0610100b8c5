using Billing.Service.Quota.Caching.Redis;

namespace Billing.Service.Hosting;

/// <summary>Which servers to use, by connection strings alone; where one is absent, its embedded stand-in runs in this process.</summary>
/// <param name="Postgres">An Npgsql connection string. Absent: a SQLite file.</param>
/// <param name="RabbitMq">An AMQP URI with user, password and virtual host. Absent: the in-memory transport.</param>
/// <param name="Redis">Host and port, with options of StackExchange.Redis. Absent: a cache in the process.</param>
/// <param name="PostgresOwner">The same database as its schema's owner, for migrations. Absent: the service's own user migrates, where it may.</param>
public sealed record ServerAddresses(string? Postgres, Uri? RabbitMq, string? Redis, string? PostgresOwner = null)
{
    /// <summary>From <c>BILLING_POSTGRES</c>, <c>BILLING_RABBITMQ</c> <c>BILLING_REDIS</c> and <c>BILLING_POSTGRES_OWNER</c>, or <c>ConnectionStrings__Postgres</c> and so on.</summary>
    public static ServerAddresses From(IConfiguration configuration)
    {
        string? Find(string variable, string name) =>
            configuration[variable] is { Length: > 0 } address ? address : configuration.GetConnectionString(name) is { Length: > 0 } other ? other : null;

        var rabbitMq = Find("BILLING_RABBITMQ", "RabbitMq");
        if (rabbitMq is not null && !Uri.TryCreate(rabbitMq, UriKind.Absolute, out _))
            throw new InvalidOperationException("BILLING_RABBITMQ is not an AMQP URI: set it to amqp://user:password@host:5672/vhost.");
        var redis = Find("BILLING_REDIS", "Redis");
        if (redis is not null && !RedisConnection.IsAddress(redis))
            throw new InvalidOperationException("BILLING_REDIS is not an address of Redis: set it to host:6379,password=...");
        var postgres = Find("BILLING_POSTGRES", "Postgres");
        return new ServerAddresses(postgres, rabbitMq is null ? null : new Uri(rabbitMq), redis, postgres is null ? null : Find("BILLING_POSTGRES_OWNER", "PostgresOwner"));
    }

    public override string ToString() => $"{(Postgres is null ? "SQLite" : "PostgreSQL")}, {(RabbitMq is null ? "in-memory transport" : "RabbitMQ")}, {(Redis is null ? "in-process cache" : "Redis")}";
}
