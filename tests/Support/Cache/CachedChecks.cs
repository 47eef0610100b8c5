using System.Diagnostics.Metrics;
using Billing.Service.Intake;
using Billing.Service.Ledger;
using Billing.Service.Quota;
using Billing.Service.Quota.Caching;
using Billing.TestSupport.Ledger;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Billing.TestSupport.Cache;

/// <summary>The checks of one instance of the service, with its writer, on a ledger and a cache.</summary>
public sealed class CachedChecks : IAsyncDisposable
{
    readonly ServiceProvider _metrics = new ServiceCollection().AddMetrics().BuildServiceProvider();
    readonly DatabaseContact _contact;

    public CachedChecks(LedgerUnderTest ledger, IAccountCache cache, CacheOptions? cacheOptions = null, TimeProvider? time = null, QuotaOptions? quotaOptions = null)
    {
        Store = new WatchedStore(ledger.NewStore());
        var (clock, options) = (time ?? TimeProvider.System, Options.Create(cacheOptions ?? new CacheOptions()));
        Metrics = new CacheMetrics(_metrics.GetRequiredService<IMeterFactory>());
        _contact = new DatabaseContact(Store, clock, options);
        Committed = new CommittedAccounts(cache, _contact, Metrics, options);
        Reads = new AccountReads(Store, ledger.NewReaders().Accounts, cache, _contact, Metrics);
        Delay = new ChargingDelay(clock);
        Writer = new LedgerWriter(Store, ledger.Rules, Committed);
        Quota = new QuotaChecks(new AccountLookup(cache, Committed, _contact, Reads, Store, Metrics), ledger.Rules, Delay, clock, Options.Create(quotaOptions ?? new QuotaOptions()));
    }

    public WatchedStore Store { get; }
    public CacheMetrics Metrics { get; }
    public CommittedAccounts Committed { get; }
    public AccountReads Reads { get; }
    public ChargingDelay Delay { get; }
    public LedgerWriter Writer { get; }
    public QuotaChecks Quota { get; }

    /// <summary>Until then nothing was heard from the database, and nothing is answered from the cache.</summary>
    public async Task<CachedChecks> Started()
    {
        await _contact.StartAsync(default);
        await Committed.StartAsync(default);
        await Eventually.That(() => Task.FromResult(_contact.IsThere), there => there, "the database was heard from");
        return this;
    }

    public Task<QuotaStatus> Check(string user, string service = TestCatalogue.Search, long quantity = 1) =>
        Quota.Check(new CheckQuota { UserId = user, Service = service, Quantity = quantity }, default);

    /// <summary>As often as it takes until one needs no database.</summary>
    public Task CheckUntilCached(string user) => Eventually.That(async () =>
    {
        var before = Store.Reads;
        Assert.True((await Check(user)).Allowed);
        return Store.Reads - before;
    }, reads => reads == 0, "a check is answered by the cache");

    public async ValueTask DisposeAsync()
    {
        await Committed.StopAsync(default);
        await _contact.StopAsync(default);
        Committed.Dispose();
        _contact.Dispose();
        await _metrics.DisposeAsync();
    }
}
