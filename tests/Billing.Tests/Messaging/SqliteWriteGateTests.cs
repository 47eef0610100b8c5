using Billing.ReliableMessaging;
using Billing.TestSupport.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Tests.Messaging;

public sealed class SqliteWriteGateTests : IAsyncLifetime
{
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    SqliteMessagingDatabase _database = null!;
    MessagingHost _host = null!;

    SqliteWriteGate Gate => SqliteWriteGate.For(_database.ConnectionString);

    public async Task InitializeAsync()
    {
        _database = await SqliteMessagingDatabase.Create();
        _host = MessagingHost.Build(_database, new InMemoryTransport());
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public void A_file_has_one_gate_however_it_is_named()
    {
        Assert.Same(SqliteWriteGate.For("some/folder/../orders.db"), SqliteWriteGate.For($"Data Source={Path.GetFullPath("some/orders.db")};Pooling=False"));
        Assert.NotSame(SqliteWriteGate.For("some/orders.db"), SqliteWriteGate.For("some/other.db"));
        Assert.Throws<ArgumentException>(() => SqliteWriteGate.For("Data Source=:memory:"));
    }

    [Fact]
    public async Task Writers_are_let_in_one_by_one_in_the_order_of_their_arrival()
    {
        var order = new List<int>();
        var first = await Gate.WaitAsync();
        var others = Enumerable.Range(0, 20).Select(async number =>
        {
            using var turn = await Gate.WaitAsync();
            order.Add(number);
            await Task.Yield();
        }).ToList();

        Assert.Empty(order);
        first.Dispose();
        first.Dispose();
        await Task.WhenAll(others).WaitAsync(Soon);
        Assert.Equal(Enumerable.Range(0, 20), order);
    }

    [Theory]
    [InlineData("commit")]
    [InlineData("rollback")]
    [InlineData("dispose")]
    public async Task A_transaction_of_a_context_holds_the_gate_to_its_end(string end)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<OrdersDb>();
        var transaction = await db.Database.BeginTransactionAsync();
        db.Add(new Note());
        await db.SaveChangesAsync();
        var waiting = Gate.WaitAsync().AsTask();
        Assert.False(waiting.IsCompleted);

        if (end == "commit") await transaction.CommitAsync();
        if (end == "rollback") await transaction.RollbackAsync();
        await transaction.DisposeAsync();

        (await waiting.WaitAsync(Soon)).Dispose();
    }

    [Fact]
    public async Task SaveChanges_waits_for_the_gate_and_leaves_it()
    {
        await using var scope = _host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<OrdersDb>();
        db.Add(new Note());
        var turn = await Gate.WaitAsync();
        var saving = db.SaveChangesAsync();
        Assert.False(saving.IsCompleted);

        turn.Dispose();
        Assert.Equal(1, await saving.WaitAsync(Soon));
        (await Gate.WaitAsync().AsTask().WaitAsync(Soon)).Dispose();
    }

    [Fact]
    public async Task SaveChanges_that_fails_leaves_the_gate()
    {
        await using var scope = _host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<OrdersDb>();
        var order = NewId.NextGuid();
        db.Add(new OrderState { CorrelationId = order });
        await db.SaveChangesAsync();
        db.ChangeTracker.Clear();
        db.Add(new OrderState { CorrelationId = order });

        await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync());
        (await Gate.WaitAsync().AsTask().WaitAsync(Soon)).Dispose();
    }
}
