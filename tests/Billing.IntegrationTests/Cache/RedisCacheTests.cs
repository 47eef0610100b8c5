using Billing.Service.Charging;
using Billing.Service.Quota.Caching;
using Billing.Service.Quota.Caching.Redis;
using Billing.TestSupport.Cache;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Billing.IntegrationTests.Cache;

public sealed class RedisCacheTests(RedisServer redis) : AccountCacheCompliance, IClassFixture<RedisServer>, IAsyncLifetime
{
    static readonly DateOnly Month = new(2026, 11, 1);

    readonly RedisConnection _connection = new(redis.Address);

    public async Task InitializeAsync() => Assert.True(await _connection.IsThereWithin(TimeSpan.FromSeconds(10)));

    public async Task DisposeAsync() => await _connection.DisposeAsync();

    protected override IAccountCache NewCache(CacheOptions options)
    {
        // A loaded machine is not what these tests are about.
        options.CallMax = TimeSpan.FromSeconds(5);
        return new RedisCache(_connection, TimeProvider.System, Options.Create(options), NullLogger<RedisCache>.Instance);
    }

    [Theory]
    [InlineData("a", "")]
    [InlineData("a", "garbage")]
    [InlineData("a", "7|1|0|0")]
    [InlineData("a", "7|1|0|0|0|0")]
    [InlineData("a", "-7|1|0|0|0")]
    [InlineData("a", "7|1.5|0|0|0")]
    [InlineData("a", "7|99999999999999999999|0|0|0")]
    [InlineData("a", "7|1|-1|0|0")]
    [InlineData("a", "7|1|0|-1|0")]
    [InlineData("a", "7|1|0|0|9223372036854775807")]
    [InlineData("a", "7|1|0|0|-1")]
    [InlineData("a", "nan|1|0|0|0")]
    [InlineData("a", "3|1|0|0|0")]
    [InlineData("q:1:2026-11-01", "")]
    [InlineData("q:1:2026-11-01", "7|5|6|0")]
    [InlineData("q:1:2026-11-01", "7|5|-1|0")]
    [InlineData("q:1:2026-11-01", "7|5|0|-1")]
    [InlineData("q:1:2026-11-01", "7|9223372036854775807|9223372036854775807|9223372036854775807")]
    [InlineData("q:1:2026-11-01", "8|5|0|0")]
    [InlineData("q:1:2026-11-02", "7|5|0|0")]
    [InlineData("q:x:2026-11-01", "7|5|0|0")]
    [InlineData("q:1", "7|5|0|0")]
    [InlineData("unknown", "7")]
    [InlineData("m", "November")]
    [InlineData("m", "")]
    [InlineData("t", "")]
    [InlineData("t", "noon")]
    [InlineData("t", "99999999999999")]
    [InlineData("t", "-1")]
    [InlineData("f", "")]
    public async Task What_this_program_does_not_write_is_unreadable_and_goes_with_the_next_fill(string field, string value)
    {
        var (cache, user) = (NewCache(new CacheOptions()), Ids.User("garbage"));
        await Fill(cache, user, 7);
        await redis.Send("HSET", Key(user), field, value);

        Assert.Equal(CacheFinding.Unreadable, (await cache.Read(user, Month)).Finding);

        await cache.Remove(user);
        await Fill(cache, user, 8);
        Assert.Equal(8, (await cache.Read(user, Month)).Account!.Funds.Version);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("f")]
    [InlineData("m")]
    [InlineData("t")]
    public async Task A_field_that_is_missing_makes_it_unreadable(string field)
    {
        var (cache, user) = (NewCache(new CacheOptions()), Ids.User("halved"));
        await Fill(cache, user, 7);

        await redis.Send("HDEL", Key(user), field);

        Assert.Equal(CacheFinding.Unreadable, (await cache.Read(user, Month)).Finding);
    }

    [Theory]
    [InlineData("SET", "KEY", "text")]
    [InlineData("RPUSH", "KEY", "text")]
    [InlineData("SADD", "KEY", "text")]
    [InlineData("ZADD", "KEY", "1", "text")]
    [InlineData("SETBIT", "KEY", "9", "1")]
    public async Task Another_type_is_unreadable_takes_no_write_and_is_replaced_by_the_next_fill(params string[] command)
    {
        var (cache, user) = (NewCache(new CacheOptions()), Ids.User("type"));
        await redis.Send([.. command.Select(word => word == "KEY" ? Key(user) : word)]);

        Assert.Equal(CacheFinding.Unreadable, (await cache.Read(user, Month)).Finding);
        Assert.True(await cache.Write(State(user, 9)));
        Assert.Equal(CacheFinding.Unreadable, (await cache.Read(user, Month)).Finding);
        Assert.True(cache.IsThere);

        await Fill(cache, user, 8);
        Assert.Equal(8, (await cache.Read(user, Month)).Account!.Funds.Version);
    }

    [Fact]
    public async Task An_entry_that_someone_made_stay_for_good_is_as_old_as_it_is()
    {
        var (cache, user) = (NewCache(new CacheOptions { StaleMax = TimeSpan.FromMilliseconds(500) }), Ids.User("stays"));
        await Fill(cache, user, 7);
        await redis.Send("PERSIST", Key(user));
        // A version that the database never had, so that no fill is ever newer.
        await redis.Send("HSET", Key(user), "a", "99|1|0|0|0");
        Assert.Equal(CacheFinding.Known, (await cache.Read(user, Month)).Finding);

        await Eventually.That(async () => (await cache.Read(user, Month)).Finding, finding => finding == CacheFinding.Missing, "it is too old", within: TimeSpan.FromSeconds(1));

        // The next fill makes a new entry, which goes by itself again.
        await Fill(cache, user, 8);
        Assert.Equal(8, (await cache.Read(user, Month)).Account!.Funds.Version);
        Assert.NotEqual(":-1", await redis.Send("PTTL", Key(user)));
    }

    [Fact]
    public async Task Everything_may_be_gone_at_any_time_the_scripts_too()
    {
        var (cache, user) = (NewCache(new CacheOptions()), Ids.User("flushed"));
        foreach (var command in (string[])["FLUSHALL", "SCRIPT"])
        {
            await Fill(cache, user, 7);
            await redis.Send(command == "SCRIPT" ? ["SCRIPT", "FLUSH"] : [command]);

            Assert.True(await cache.Write(State(user, 9)));
            var seen = await cache.Read(user, Month);
            Assert.Equal(command == "SCRIPT" ? CacheFinding.Known : CacheFinding.Missing, seen.Finding);
            await Fill(cache, user, 10);
            Assert.Equal(10, (await cache.Read(user, Month)).Account!.Funds.Version);
            Assert.True(cache.IsThere);
        }
    }

    static string Key(string user) => $"billing:account:{{{user}}}";

    static async Task Fill(IAccountCache cache, string user, long version) => await cache.Fill((await cache.BeginFill(user))!.Value, State(user, version), Month);

    static CachedAccount State(string user, long version) =>
        new(user, new CachedFunds(version, new AccountFunds(new Money(version), default, default), DateTimeOffset.UnixEpoch), [new CachedQuota(version, 1, Month, 100, version, 0)]);
}
