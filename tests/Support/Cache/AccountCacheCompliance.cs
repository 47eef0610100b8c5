using Billing.Service.Charging;
using Billing.Service.Quota.Caching;

namespace Billing.TestSupport.Cache;

/// <summary>What every cache of accounts must do, whatever holds it: the newest state wins, in whatever order states come.</summary>
public abstract class AccountCacheCompliance
{
    const int Image = 1;
    const int Chat = 2;
    static readonly DateOnly Month = new(2026, 11, 1);
    static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    protected abstract IAccountCache NewCache(CacheOptions options);

    IAccountCache NewCache() => NewCache(new CacheOptions());

    [Fact]
    public async Task What_was_filled_is_known_to_the_last_nano()
    {
        var (cache, user) = (NewCache(), Ids.User("filled"));
        var account = new CachedAccount(user,
            new CachedFunds(1L << 52, new AccountFunds(new Money(long.MinValue), new Money(long.MaxValue), new Money(9_007_199_254_740_993)), Noon.AddMicroseconds(1)),
            [new CachedQuota(7, Image, Month, long.MaxValue, 9_007_199_254_740_993, 1), new CachedQuota(7, Chat, Month.AddMonths(-1), 5, 5, 0)]);

        await Fill(cache, account);

        AssertSame(account, (await cache.Read(user, Month)).Account);
        Assert.Equal(CacheFinding.Missing, (await cache.Read(user, Month.AddMonths(1))).Finding);
        Assert.Equal(CacheFinding.Missing, (await cache.Read(Ids.User("other"), Month)).Finding);
    }

    [Fact]
    public async Task A_commit_writes_nothing_where_there_is_no_entry()
    {
        var (cache, user) = (NewCache(), Ids.User("cold"));

        Assert.True(await cache.Write(State(user, 3)));

        Assert.Equal(CacheFinding.Missing, (await cache.Read(user, Month)).Finding);
        Assert.DoesNotContain(user, await All(cache));
    }

    [Fact]
    public async Task A_newer_commit_wins_and_an_older_one_changes_nothing()
    {
        var (cache, user) = (NewCache(), Ids.User("fenced"));
        await Fill(cache, State(user, 5));

        await cache.Write(State(user, 9));
        await cache.Write(State(user, 7));

        AssertSame(State(user, 9), (await cache.Read(user, Month)).Account);
    }

    [Fact]
    public async Task Each_free_quota_is_fenced_by_its_own_version()
    {
        var (cache, user) = (NewCache(), Ids.User("parts"));
        await Fill(cache, new CachedAccount(user, Money(5), [Quota(5, Image), Quota(5, Chat)]));

        await cache.Write(new CachedAccount(user, Money(8), [Quota(8, Image)]));
        await cache.Write(new CachedAccount(user, Money(7), [Quota(7, Image), Quota(7, Chat)]));

        AssertSame(new CachedAccount(user, Money(8), [Quota(8, Image), Quota(7, Chat)]), (await cache.Read(user, Month)).Account);
    }

    [Fact]
    public async Task A_commit_between_the_beginning_of_a_fill_and_its_end_is_not_hidden_by_it()
    {
        var (cache, user) = (NewCache(), Ids.User("raced"));
        var ticket = (await cache.BeginFill(user))!.Value;
        // Read at version 4; then version 5 is committed and gives the first free quota of a service.
        await cache.Write(new CachedAccount(user, Money(5), [Quota(5, Chat)]));
        Assert.Equal(CacheFinding.Missing, (await cache.Read(user, Month)).Finding);

        await cache.Fill(ticket, new CachedAccount(user, Money(4), [Quota(4, Image)]), Month);

        AssertSame(new CachedAccount(user, Money(5), [Quota(4, Image), Quota(5, Chat)]), (await cache.Read(user, Month)).Account);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Of_two_fillers_the_one_who_read_more_wins(bool newerFirst)
    {
        var (cache, user) = (NewCache(), Ids.User("twofillers"));
        var (one, other) = ((await cache.BeginFill(user))!.Value, (await cache.BeginFill(user))!.Value);

        await cache.Fill(one, State(user, newerFirst ? 6 : 5), Month);
        await cache.Fill(other, State(user, newerFirst ? 5 : 6), Month);

        AssertSame(State(user, 6), (await cache.Read(user, Month)).Account);
    }

    [Fact]
    public async Task What_was_read_for_an_entry_that_is_gone_is_not_kept()
    {
        var (cache, user) = (NewCache(), Ids.User("gone"));
        var late = (await cache.BeginFill(user))!.Value;
        await cache.Remove(user);
        // Version 6 is committed while there is no entry; then another begins to fill, and has not read yet.
        await cache.Write(State(user, 6));
        var other = (await cache.BeginFill(user))!.Value;

        await cache.Fill(late, State(user, 5), Month);
        Assert.Equal(CacheFinding.Missing, (await cache.Read(user, Month)).Finding);

        await cache.Fill(other, State(user, 6), Month);
        AssertSame(State(user, 6), (await cache.Read(user, Month)).Account);
    }

    [Fact]
    public async Task An_entry_that_is_never_filled_goes_away()
    {
        var (cache, user) = (NewCache(new CacheOptions { FillMax = TimeSpan.FromMilliseconds(200) }), Ids.User("unfilled"));
        var ticket = (await cache.BeginFill(user))!.Value;
        await Eventually.That(() => All(cache), users => !users.Contains(user), "the entry is gone");

        await cache.Fill(ticket, State(user, 5), Month);

        Assert.Equal(CacheFinding.Missing, (await cache.Read(user, Month)).Finding);
    }

    [Fact]
    public async Task An_entry_expires_as_long_after_its_fill_began_as_was_set_however_many_commits_it_saw()
    {
        var (cache, user) = (NewCache(new CacheOptions { StaleMax = TimeSpan.FromMilliseconds(700) }), Ids.User("expires"));
        var from = TimeProvider.System.GetTimestamp();
        await Fill(cache, State(user, 1));
        var known = TimeSpan.Zero;

        for (var version = 2L; (await cache.Read(user, Month)).Finding == CacheFinding.Known; version++)
        {
            known = TimeProvider.System.GetElapsedTime(from);
            Assert.True(known < TimeSpan.FromSeconds(10), "It does not expire.");
            await cache.Write(State(user, version));
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }

        Assert.True(known < TimeSpan.FromMilliseconds(800), $"Known {known.TotalMilliseconds:0} ms after its fill.");
    }

    [Fact]
    public async Task Who_read_less_than_the_entry_knows_makes_it_live_no_longer()
    {
        var (cache, user) = (NewCache(new CacheOptions { StaleMax = TimeSpan.FromMilliseconds(700) }), Ids.User("nolonger"));
        await Fill(cache, State(user, 9));
        var from = TimeProvider.System.GetTimestamp();

        while ((await cache.Read(user, Month)).Finding == CacheFinding.Known && TimeProvider.System.GetElapsedTime(from) < TimeSpan.FromSeconds(10))
        {
            if (await cache.BeginFill(user) is { } ticket) await cache.Fill(ticket, State(user, 8), Month);
            if ((await cache.Read(user, Month)).Account is { Funds.Version: 8 }) break;
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }

        Assert.InRange(TimeProvider.System.GetElapsedTime(from), TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(1_500));
    }

    [Fact]
    public async Task What_the_database_says_of_the_same_version_replaces_what_the_entry_says()
    {
        var (cache, user) = (NewCache(), Ids.User("healed"));
        await Fill(cache, new CachedAccount(user, Money(5) with { Funds = new AccountFunds(Contracts.Money.Parse("999"), default, default) }, []));

        await Fill(cache, State(user, 5));

        AssertSame(State(user, 5), (await cache.Read(user, Month)).Account);
    }

    [Fact]
    public async Task A_removed_entry_is_missing_and_all_others_are_listed_once()
    {
        var cache = NewCache();
        string[] users = [.. Enumerable.Range(0, 250).Select(number => Ids.User($"listed{number}"))];
        foreach (var user in users) await Fill(cache, State(user, 1));

        Assert.True(await cache.Remove(users[0]));

        Assert.Equal(CacheFinding.Missing, (await cache.Read(users[0], Month)).Finding);
        Assert.Equal(users.Skip(1).Order(), (await All(cache)).Intersect(users).Order());
    }

    /// <summary>
    /// Commits of one account, written late, in any order, among fillers that stop between reading and writing. A
    /// reading never goes back behind the fill it comes from, never shows what no version was, and ends with the newest once all arrived.
    /// </summary>
    [Fact]
    public async Task Writes_in_any_order_and_any_number_of_fillers_end_with_the_newest_state()
    {
        var cache = NewCache();
        for (var seed = 0; seed < 60; seed++)
        {
            var (random, user) = (new Random(seed), Ids.User($"order{seed}"));
            var history = History(user, random);
            // A write is what one commit changed: the money, and some of the quotas.
            var writes = Enumerable.Range(1, history.Count - 1).Select(i => new CachedAccount(user, history[i].Funds, [.. history[i].Quotas.Where(quota => quota.Version == i)])).ToList();
            var (committed, delivered) = (0, new HashSet<int>());
            var fills = new List<(FillTicket Ticket, CachedAccount Account)>();
            while (delivered.Count < writes.Count || fills.Count > 0)
            {
                switch (random.Next(5))
                {
                    case 0 or 1 when committed < writes.Count:
                        committed++;
                        break;
                    case 2 when Enumerable.Range(0, committed).Where(i => !delivered.Contains(i)).ToArray() is { Length: > 0 } late:
                        var next = late[random.Next(late.Length)];
                        delivered.Add(next);
                        await cache.Write(writes[next]);
                        break;
                    case 3 when fills.Count < 4 && delivered.Count < writes.Count:
                        fills.Add(((await cache.BeginFill(user))!.Value, history[committed]));
                        break;
                    case 4 when fills.Count > 0:
                        var which = random.Next(fills.Count);
                        var (ticket, account) = fills[which];
                        fills.RemoveAt(which);
                        await cache.Fill(ticket, account, Month);
                        break;
                }
                if ((await cache.Read(user, Month)).Account is { } seen)
                {
                    Assert.Equal(history[(int)seen.Funds.Version].Funds, seen.Funds);
                    Assert.All(seen.Quotas, quota => Assert.True(quota.Version <= seen.Funds.Version, $"seed {seed}: {quota}"));
                }
            }
            if ((await cache.Read(user, Month)).Account is { } last) AssertSame(history[^1], last, ignoreVersions: true);

            await Fill(cache, history[^1]);
            AssertSame(history[^1], (await cache.Read(user, Month)).Account, ignoreVersions: true);
        }
    }

    static List<CachedAccount> History(string user, Random random)
    {
        var history = new List<CachedAccount> { new(user, Money(0), []) };
        for (var version = 1; version <= 12; version++)
        {
            var quotas = history[^1].Quotas.ToDictionary(quota => quota.ServiceId);
            foreach (var service in (int[])[Image, Chat]) if (random.Next(3) == 0) quotas[service] = Quota(version, service);
            history.Add(new(user, Money(version), [.. quotas.Values]));
        }
        return history;
    }

    static async Task Fill(IAccountCache cache, CachedAccount account) => await cache.Fill((await cache.BeginFill(account.UserId))!.Value, account, Month);

    static async Task<List<string>> All(IAccountCache cache)
    {
        var (users, from) = (new List<string>(), 0L);
        do
        {
            var page = (await cache.List(from, 100))!;
            users.AddRange(page.UserIds);
            from = page.Next;
        }
        while (from != 0);
        return users;
    }

    static CachedAccount State(string user, long version) => new(user, Money(version), [Quota(version, Image)]);

    static CachedFunds Money(long version) => new(version, new AccountFunds(new Money(version * 1_000_000_007), new Money(version), new Money(5)), Noon.AddSeconds(version));

    static CachedQuota Quota(long version, int service) => new(version, service, Month, 1_000, version, version % 3);

    static void AssertSame(CachedAccount? expected, CachedAccount? seen, bool ignoreVersions = false)
    {
        Assert.NotNull(expected);
        Assert.NotNull(seen);
        Assert.Equal(expected.Funds, seen.Funds);
        Assert.Equal(Ordered(expected), Ordered(seen));

        IEnumerable<CachedQuota> Ordered(CachedAccount account) =>
            account.Quotas.Select(quota => ignoreVersions ? quota with { Version = 0 } : quota).OrderBy(quota => (quota.ServiceId, quota.Month));
    }
}
