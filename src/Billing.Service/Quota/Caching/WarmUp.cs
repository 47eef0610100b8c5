using Billing.Service.Charging;
using Billing.Service.Hosting;
using Billing.Service.Ledger;
using Microsoft.Extensions.Options;

namespace Billing.Service.Quota.Caching;

/// <summary>Fills the cache after a start with the accounts that were charged last, a few at a time: checks and charging go first.</summary>
sealed class WarmUp(
    Preparation preparation, IDatabase database, AccountLookup accounts, IAccountCache cache, IRules rules, TimeProvider time, IOptions<CacheOptions> options, ILogger<WarmUp> logger)
    : BackgroundService
{
    const int AtOnceMax = 20;
    const int RecordsMax = 20_000;
    static readonly TimeSpan Lately = TimeSpan.FromHours(1);
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan CacheWithin = TimeSpan.FromSeconds(30);

    // Usage ids of version 7 begin with their time, and the primary key is in their order. Others are found by whoever asks for them.
    const string ChargedLately =
        """
        select a.user_id from (
            select account_id, usage_id from usage_record where day >= $1 and usage_id between $2 and $3 order by usage_id desc limit $4) newest
        join account a on a.account_id = newest.account_id order by newest.usage_id desc
        """;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!await preparation.Succeeded.WaitAsync(stoppingToken) || !await CacheIsThere(stoppingToken)) return;
        try
        {
            var now = time.GetUtcNow();
            var users = await Users(now, stoppingToken);
            foreach (var some in users.Chunk(AtOnceMax)) await Fill(some, rules.Current.Calendar.MonthOf(now), stoppingToken);
            if (users.Count > 0) logger.LogInformation("The cache was filled with {AccountCount} accounts that were charged lately", users.Count);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Checks fill it as well.
            logger.LogWarning("The cache could not be filled beforehand: {Error}", exception.Message);
        }
    }

    async Task<bool> CacheIsThere(CancellationToken stopping)
    {
        for (var from = time.GetTimestamp(); time.GetElapsedTime(from) < CacheWithin; await Task.Delay(Pause, time, stopping))
        {
            if (cache.IsThere) return true;
        }
        return false;
    }

    async Task<List<string>> Users(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var since = now - Lately;
        await using var connection = await database.Open(cancellationToken);
        var users = await database.Query(connection, ChargedLately, reader => reader.GetString(0), cancellationToken,
            DateOnly.FromDateTime(since.UtcDateTime), Guid.CreateVersion7(since), Guid.CreateVersion7(now + UsageAge.AheadMax), RecordsMax);
        return [.. users.Distinct(StringComparer.Ordinal).Take(options.Value.WarmUpAccountsMax)];
    }

    /// <summary>Just after a start the cache or the database may not be known to be there yet: who could not be looked for is looked for again.</summary>
    async Task Fill(string[] users, DateOnly month, CancellationToken cancellationToken)
    {
        for (var from = time.GetTimestamp(); users.Length > 0 && time.GetElapsedTime(from) < CacheWithin; await Task.Delay(Pause, time, cancellationToken))
        {
            var seen = await accounts.Look(users, month);
            await accounts.Read(seen.Where(one => one.Value.Finding == CacheFinding.Missing).ToDictionary(StringComparer.Ordinal), month, cancellationToken);
            users = [.. seen.Where(one => one.Value.Finding == CacheFinding.Away).Select(one => one.Key)];
        }
    }
}
