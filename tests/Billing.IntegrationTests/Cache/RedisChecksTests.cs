using System.Diagnostics;
using Billing.Service.Charging;
using Billing.Service.Queries;
using Billing.Service.Quota.Caching;
using Billing.Service.Quota.Caching.Checking;
using Billing.Service.Quota.Caching.Redis;
using Billing.TestSupport.Cache;
using Billing.TestSupport.Ledger;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Billing.IntegrationTests.Cache;

/// <summary>Checks with Redis that is emptied, frozen, killed and started again under them: every answer stays right, and none waits for it.</summary>
public sealed class RedisChecksTests(RedisServer redis) : CachedChecksCompliance, IClassFixture<RedisServer>, IAsyncLifetime
{
    static readonly TimeSpan CallMax = TimeSpan.FromMilliseconds(200);

    readonly SqliteLedgerUnderTest _ledger = new();
    readonly RedisConnection _connection = new(redis.Address);
    readonly string _prefix = $"test-{Ids.WithoutTime():N}";

    async Task IAsyncLifetime.InitializeAsync()
    {
        await base.InitializeAsync();
        await _ledger.Prepare();
        Assert.True(await _connection.IsThereWithin(TimeSpan.FromSeconds(10)));
    }

    public override async Task DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _ledger.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override IAccountCache NewCache(CacheOptions options)
    {
        options.KeyPrefix = _prefix;
        options.CallMax = TimeSpan.FromSeconds(5);
        return NewRedisCache(options);
    }

    RedisCache NewRedisCache(CacheOptions options) => new(_connection, TimeProvider.System, Options.Create(options), NullLogger<RedisCache>.Instance);

    [Fact]
    public async Task Frozen_and_back_again_no_check_waits_longer_than_the_limit_and_every_answer_is_right()
    {
        await using var checks = await Start(out var cache);
        var user = Ids.User("frozen");
        await Give(checks, user, "1.00");
        await checks.CheckUntilCached(user);

        redis.Freeze();
        try
        {
            var longest = TimeSpan.Zero;
            for (var i = 1; i <= 100; i++)
            {
                await Give(checks, user, "0.01");
                var watch = Stopwatch.StartNew();
                Assert.Equal(Money.Parse("1.00") + new Money(i * 10_000_000L), (await checks.Check(user)).Available);
                longest = watch.Elapsed > longest ? watch.Elapsed : longest;
            }
            // The limit of one call, and the database with a loaded machine around it.
            Assert.True(longest < CallMax + TimeSpan.FromMilliseconds(400), $"A check took {longest.TotalMilliseconds:0} ms.");
            Assert.False(cache.IsThere);
        }
        finally
        {
            redis.Thaw();
        }

        await checks.CheckUntilCached(user);
        Assert.Equal("2.00", (await checks.Check(user)).Available.ToString());
    }

    [Fact]
    public async Task Killed_and_started_again_empty_it_is_used_again()
    {
        await using var checks = await Start(out var cache);
        var user = Ids.User("killed");
        await Give(checks, user, "1.00");
        await checks.CheckUntilCached(user);

        await redis.Kill();
        try
        {
            for (var i = 0; i < 20; i++) Assert.True((await checks.Check(user)).Allowed);
            await Give(checks, user, "1.00");
            Assert.Equal("2.00", (await checks.Check(user)).Available.ToString());
            Assert.False(cache.IsThere);
        }
        finally
        {
            await redis.Start();
        }

        await checks.CheckUntilCached(user);
        Assert.Equal("2.00", (await checks.Check(user)).Available.ToString());
    }

    [Fact]
    public async Task Commits_while_it_was_frozen_are_written_when_it_is_back()
    {
        await using var checks = await Start(out var cache);
        await using var other = await new CachedChecks(_ledger, NewRedisCache(TestOptions())).Started();
        var user = Ids.User("catchup");
        await Give(checks, user, "1.00");
        await checks.CheckUntilCached(user);
        redis.Freeze();
        try
        {
            await Give(checks, user, "1.00");
            await Eventually.That(async () => await cache.Read(user, ThisMonth), seen => seen.Finding == CacheFinding.Away, "it is frozen");
        }
        finally
        {
            redis.Thaw();
        }

        // The other instance's look into the same entry: behind for a moment, and long before it expires no more.
        await Eventually.That(() => other.Check(user), answer => answer.Available == Money.Parse("2.00"), "what was committed meanwhile is there", within: TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task Emptied_again_and_again_under_checks_and_commits_it_never_shows_money_that_is_not_there()
    {
        await using var checks = await Start(out _);
        var user = Ids.User("emptied");
        await Give(checks, user, "1.00");
        using var stop = new CancellationTokenSource();
        var emptying = Task.Run(async () => { while (!stop.IsCancellationRequested) await redis.Send("FLUSHALL"); });

        for (var spent = 1; spent <= 200; spent++)
        {
            await checks.Writer.Apply([TestUsage.Of(user).ToCharge()], default);
            Assert.Equal(Money.Parse("1.00") - new Money(spent * 2_000_000L), (await checks.Check(user)).Available);
        }

        await stop.CancelAsync();
        await emptying;
    }

    [Theory]
    [InlineData("7|999000000000|0|0|0")]
    [InlineData("not an entry")]
    public async Task An_entry_that_was_tampered_with_is_found_counted_and_mended_by_the_comparison(string money)
    {
        await using var checks = await Start(out var cache);
        var (tampered, healthy) = (Ids.User("tampered"), Ids.User("healthy"));
        foreach (var user in (string[])[tampered, healthy])
        {
            await Give(checks, user, "1.00");
            await checks.CheckUntilCached(user);
        }
        var checker = new CacheChecker(cache, _ledger.NewReaders().Accounts, TimeProvider.System);
        Assert.Empty((await checker.Compare(0, int.MaxValue, ThisMonth, default))!.Drifts);

        await redis.Send("HSET", $"{_prefix}:account:{{{tampered}}}", "a", money);

        var found = (await checker.Compare(0, int.MaxValue, ThisMonth, default))!;
        Assert.Equal((tampered, money[0] == '7' ? DriftCause.Corruption : DriftCause.Unreadable), (found.Drifts.Single().UserId, found.Drifts[0].Cause));
        Assert.True(await checker.Repair(found.Drifts));
        Assert.Empty((await checker.Compare(0, int.MaxValue, ThisMonth, default))!.Drifts);
        Assert.Equal("1.00", (await checks.Check(tampered)).Available.ToString());
    }

    [Fact]
    public async Task A_lost_write_is_drift_once_it_stays_lost_and_a_late_one_is_not()
    {
        await using var checks = await Start(out var cache);
        var (lost, quotaLost) = (Ids.User("lost"), Ids.User("quotalost"));
        foreach (var user in (string[])[lost, quotaLost])
        {
            await Give(checks, user, "1.00");
            await checks.Writer.Apply([TestUsage.Of(user, TestCatalogue.Image).ToCharge()], default);
            await checks.CheckUntilCached(user);
        }

        // Commits of an instance that dies before it has told the cache; of the second account a later commit is told again.
        await _ledger.NewWriter().Apply([TestUsage.Of(lost).ToCharge(), TestUsage.Of(quotaLost, TestCatalogue.Image).ToCharge()], default);
        await Give(checks, quotaLost, "1.00");
        await Eventually.That(async () => (await cache.Read(quotaLost, ThisMonth)).Account?.Funds.Funds.Balance, balance => balance == Money.Parse("2.00"), "the later commit is there");

        var checker = new CacheChecker(cache, _ledger.NewReaders().Accounts, TimeProvider.System);
        var found = (await checker.Compare(0, int.MaxValue, ThisMonth, default))!;
        Assert.Equal([(lost, DriftCause.LostWrite), (quotaLost, DriftCause.LostWrite)], found.Drifts.Select(drift => (drift.UserId, drift.Cause)).Order());

        await checker.Repair(found.Drifts);
        Assert.Equal(3, (await checks.Check(quotaLost, TestCatalogue.Image)).FreeUnitsLeft);
    }

    static DateOnly ThisMonth => new BillingCalendar(TimeZoneInfo.Utc).MonthOf(TimeProvider.System.GetUtcNow());

    CacheOptions TestOptions() => new() { KeyPrefix = _prefix, CallMax = CallMax, FailuresMax = 3, PauseMax = TimeSpan.FromMilliseconds(400) };

    Task<CachedChecks> Start(out RedisCache cache)
    {
        cache = NewRedisCache(TestOptions());
        return new CachedChecks(_ledger, cache).Started();
    }

    static async Task Give(CachedChecks checks, string user, string amount) =>
        Assert.IsType<Entered>((await checks.Writer.Apply([new AdjustFunds(Ids.WithTime(), user, Money.Parse(amount), "eve", "a test")], default))[0]);
}
