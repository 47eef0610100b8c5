using Billing.Service.Quota.Caching;
using Billing.TestSupport.Cache;
using Microsoft.Extensions.Options;

namespace Billing.Tests.Cache;

public sealed class InProcessCacheTests : AccountCacheCompliance
{
    protected override IAccountCache NewCache(CacheOptions options) => new InProcessCache(TimeProvider.System, Options.Create(options));

    [Fact]
    public async Task It_keeps_no_more_accounts_than_it_may()
    {
        var cache = NewCache(new CacheOptions { InProcessAccountsMax = 100 });

        for (var i = 0; i < 1_000; i++) await cache.BeginFill($"user-{i}");

        Assert.InRange((await cache.List(0, 2_000))!.UserIds.Count, 50, 100);
    }
}
