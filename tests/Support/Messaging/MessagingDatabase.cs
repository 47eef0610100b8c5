using System.Data.Common;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace Billing.TestSupport.Messaging;

/// <summary>A fresh database with the tables of both contexts.</summary>
public abstract class MessagingDatabase : IAsyncDisposable
{
    public abstract void Use(DbContextOptionsBuilder options);

    public abstract void Use(IEntityFrameworkOutboxConfigurator outbox);

    public abstract void Use<TSaga>(IEntityFrameworkSagaRepositoryConfigurator<TSaga> repository) where TSaga : class, ISaga;

    /// <summary>An open connection of ADO.NET, without EF Core.</summary>
    public abstract Task<DbConnection> Open();

    public abstract ValueTask DisposeAsync();

    protected abstract string DocumentedTablesOnly { get; }

    public OrdersDb Orders() => new(Options<OrdersDb>());

    public StockDb Stock() => new(Options<StockDb>());

    protected async Task CreateTables()
    {
        await using var orders = Orders();
        await orders.GetService<IRelationalDatabaseCreator>().CreateTablesAsync();
        // The tables that the README documents take the place of those that EF Core makes.
        await orders.Database.ExecuteSqlRawAsync(DocumentedTablesOnly);
        await using var stock = Stock();
        await stock.GetService<IRelationalDatabaseCreator>().CreateTablesAsync();
    }

    DbContextOptions<TContext> Options<TContext>() where TContext : DbContext
    {
        var options = new DbContextOptionsBuilder<TContext>();
        Use(options);
        return options.Options;
    }
}
