using Billing.Service.Quota.Caching;
using Billing.TestSupport.Cache;
using Microsoft.Extensions.Options;

namespace Billing.Tests.Cache;

public sealed class InProcessChecksTests : CachedChecksCompliance
{
    protected override IAccountCache NewCache(CacheOptions options) => new InProcessCache(TimeProvider.System, Options.Create(options));
}
