using Billing.Service.Ledger;
using Billing.Service.Quota.Caching;
using Billing.Service.Quota.Caching.Checking;
using Billing.Service.Quota.Caching.Redis;

namespace Billing.Service.Hosting;

static class CacheServices
{
    static readonly TimeSpan PatientCallMax = TimeSpan.FromSeconds(5);

    /// <param name="patient">For a program whose work is the cache itself: a slow answer is better than none.</param>
    public static void AddCache(this IServiceCollection services, ServerAddresses addresses, IConfiguration configuration, bool patient = false)
    {
        services.Configure<CacheOptions>(configuration.GetSection(CacheOptions.Section));
        if (patient) services.PostConfigure<CacheOptions>(options => options.CallMax = PatientCallMax);

        if (addresses.Redis is { } redis)
        {
            services.AddSingleton(_ => new RedisConnection(redis));
            services.AddSingleton<IAccountCache, RedisCache>();
        }
        else
        {
            services.AddSingleton<IAccountCache, InProcessCache>();
        }

        services.AddSingleton<CacheMetrics>();
        services.AddSingleton<DatabaseContact>();
        services.AddSingleton<CommittedAccounts>();
        services.AddSingleton<ICommitObserver>(provider => provider.GetRequiredService<CommittedAccounts>());
        services.AddSingleton<AccountReads>();
        services.AddSingleton<AccountLookup>();
        services.AddSingleton<CacheChecker>();
        services.AddSingleton<CheckedSoFar>();
    }
}
