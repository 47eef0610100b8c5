using Billing.ReliableMessaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Billing.TestSupport.Messaging;

/// <summary>What inbox, outbox, scheduler and saga repository must do, whatever database and transport are below them.</summary>
public abstract partial class ReliableMessagingCompliance : IAsyncLifetime
{
    readonly List<MessagingHost> _hosts = [];
    readonly LogLines _log = new();

    protected MessagingDatabase Database { get; private set; } = null!;
    protected MessagingTransport Transport { get; private set; } = null!;

    protected abstract Task<MessagingDatabase> OpenDatabase();

    protected abstract Task<MessagingTransport> OpenTransport();

    public async Task InitializeAsync()
    {
        Database = await OpenDatabase();
        Transport = await OpenTransport();
    }

    public async Task DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            // A test that fails while it holds a consumer must end, too.
            host.Script.Release();
            await host.DisposeAsync();
        }
        await Transport.DisposeAsync();
        await Database.DisposeAsync();
    }

    /// <summary>Another host on the same database and transport; not started.</summary>
    protected MessagingHost NewHost(
        Action<IEntityFrameworkOutboxConfigurator>? outbox = null, Action<IBusRegistrationConfigurator>? bus = null, ConcurrencyMode concurrency = ConcurrencyMode.Pessimistic)
    {
        var host = MessagingHost.Build(Database, Transport, new MessagingHostOptions { Outbox = outbox ?? (_ => { }), Bus = bus ?? (_ => { }), Concurrency = concurrency, Log = _log });
        _hosts.Add(host);
        return host;
    }

    protected async Task<MessagingHost> StartHost(
        Action<IEntityFrameworkOutboxConfigurator>? outbox = null, Action<IBusRegistrationConfigurator>? bus = null, ConcurrencyMode concurrency = ConcurrencyMode.Pessimistic)
    {
        var host = NewHost(outbox, bus, concurrency);
        await host.Start();
        return host;
    }

    protected async Task<T> Read<T>(Func<OrdersDb, Task<T>> read)
    {
        await using var db = Database.Orders();
        return await read(db);
    }

    protected Task<int> Notes(Guid key) => Read(db => db.Notes.CountAsync(note => note.Key == key));

    protected Task NoteIs(Guid key, int count = 1) => Until(() => Notes(key), notes => notes >= count, $"{count} notes are written");

    protected Task<int> OutboxRows() => Read(db => db.Outbox.CountAsync());

    protected Task OutboxIsEmpty() => Until(OutboxRows, rows => rows == 0, "the outbox is empty");

    /// <summary>Fails with what the hosts have logged, too.</summary>
    protected async Task<T> Until<T>(Func<Task<T>> read, Func<T, bool> condition, string expectation, TimeSpan? within = null)
    {
        try
        {
            return await Eventually.That(read, condition, expectation, within);
        }
        catch (Xunit.Sdk.XunitException exception)
        {
            throw new Xunit.Sdk.XunitException($"{exception.Message}; logged: {string.Join(Environment.NewLine, _log.Lines.Where(line => !line.StartsWith("Information", StringComparison.Ordinal)).Take(20))}");
        }
    }

    /// <summary>How many log lines say so.</summary>
    protected int Lines(string text) => _log.Lines.Count(line => line.Contains(text, StringComparison.Ordinal));

    protected Task<T> Until<T>(Func<T> read, Func<T, bool> condition, string expectation) => Until(() => Task.FromResult(read()), condition, expectation);
}
