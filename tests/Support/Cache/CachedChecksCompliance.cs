using Billing.Service.Charging;
using Billing.Service.Quota.Caching;
using Billing.TestSupport.Ledger;

namespace Billing.TestSupport.Cache;

/// <summary>What a check answers while there is a cache: never anything but what the database says, or said a short while ago.</summary>
public abstract class CachedChecksCompliance : IAsyncLifetime
{
    readonly SqliteLedgerUnderTest _ledger = new();

    protected abstract IAccountCache NewCache(CacheOptions options);

    public Task InitializeAsync() => _ledger.Prepare();

    public virtual async Task DisposeAsync() => await _ledger.DisposeAsync();

    [Fact]
    public async Task A_yes_is_answered_by_the_cache_and_says_as_of_when()
    {
        await using var checks = await Start();
        var user = Ids.User("cached");
        await Give(checks, user, "1.00");
        var before = TimeProvider.System.GetUtcNow();
        await checks.CheckUntilCached(user);
        var reads = checks.Store.Reads;

        for (var i = 0; i < 100; i++)
        {
            var answer = await checks.Check(user);
            Assert.Equal((true, "1.00", "0.002"), (answer.Allowed, answer.Available.ToString(), answer.Amount.ToString()));
            Assert.InRange(answer.AsOf, before.AddSeconds(-1), TimeProvider.System.GetUtcNow());
        }

        Assert.Equal(reads, checks.Store.Reads);
    }

    [Fact]
    public async Task A_no_is_confirmed_by_the_database_each_time()
    {
        await using var checks = await Start();
        var user = Ids.User("poor");
        await Give(checks, user, "0.01");
        await checks.CheckUntilCached(user);
        var reads = checks.Store.Reads;

        for (var i = 0; i < 5; i++) Assert.Equal(ErrorCodes.InsufficientFunds, (await checks.Check(user, quantity: 6)).Reason);

        Assert.Equal(reads + 5, checks.Store.Reads);
    }

    [Fact]
    public async Task What_was_committed_is_seen_by_the_next_check_of_the_same_instance()
    {
        await using var checks = await Start();
        var user = Ids.User("topup");
        await Give(checks, user, "0.01");
        await checks.CheckUntilCached(user);

        for (var i = 1; i <= 50; i++)
        {
            await Give(checks, user, "1.00");
            Assert.Equal(Money.Parse($"{i}.01"), (await checks.Check(user)).Available);
        }
        await Eventually.That(() => checks.Check(user), answer => answer.Available == Money.Parse("50.01"), "it stays so");
        await checks.CheckUntilCached(user);
    }

    [Fact]
    public async Task Free_units_and_money_that_were_spent_are_not_there_any_more()
    {
        await using var checks = await Start();
        var user = Ids.User("spender");
        await Give(checks, user, "0.04");
        await checks.CheckUntilCached(user);

        for (var left = 4; left >= 0; left--)
        {
            await checks.Writer.Apply([TestUsage.Of(user, TestCatalogue.Image).ToCharge()], default);
            Assert.Equal(left, (await checks.Check(user, TestCatalogue.Image)).FreeUnitsLeft);
        }
        Assert.Equal("balance", (await checks.Check(user, TestCatalogue.Image)).PaidFrom);
        await checks.Writer.Apply([TestUsage.Of(user, TestCatalogue.Image).ToCharge()], default);
        Assert.Equal(ErrorCodes.InsufficientFunds, (await checks.Check(user, TestCatalogue.Image)).Reason);
    }

    [Fact]
    public async Task What_another_instance_commits_is_known_here_as_soon_as_it_is_written_to_the_cache()
    {
        var cache = NewCache(new CacheOptions());
        await using var here = await Start(cache);
        await using var there = await Start(cache);
        var user = Ids.User("elsewhere");
        await Give(here, user, "1.00");
        await here.CheckUntilCached(user);
        var reads = here.Store.Reads;

        await Give(there, user, "2.00");

        await Eventually.That(() => here.Check(user), answer => answer.Available == Money.Parse("3.00"), "the other's commit is seen");
        Assert.Equal(reads, here.Store.Reads);
    }

    [Fact]
    public async Task Many_who_ask_for_a_cold_account_at_once_cause_one_reading()
    {
        await using var checks = await Start();
        var user = Ids.User("hot");
        await Give(checks, user, "1.00");
        checks.Store.Held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reads = checks.Store.Reads;

        var asking = Enumerable.Range(0, 64).Select(_ => Task.Run(() => checks.Check(user))).ToArray();
        await Eventually.That(() => Task.FromResult(checks.Store.Reads), seen => seen > reads, "one reads");
        await Task.Delay(TimeSpan.FromMilliseconds(100));
        checks.Store.Held.SetResult();

        Assert.All(await Task.WhenAll(asking), answer => Assert.True(answer.Allowed));
        Assert.Equal(reads + 1, checks.Store.Reads);
    }

    [Fact]
    public async Task A_no_that_was_read_before_a_top_up_is_not_told_to_who_asks_after_it()
    {
        await using var checks = await Start();
        var user = Ids.User("overtaken");
        await Give(checks, user, "0.001");
        var held = checks.Store.Held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reads = checks.Store.Reads;
        var early = Task.Run(() => checks.Check(user));
        await Eventually.That(() => Task.FromResult(checks.Store.Reads), seen => seen > reads, "the early one reads");

        await Give(checks, user, "1.00");
        var late = Task.Run(() => checks.Check(user));
        await Task.Delay(TimeSpan.FromMilliseconds(100));
        checks.Store.Held = null;
        held.SetResult();

        Assert.True((await late).Allowed);
        await early;
    }

    [Fact]
    public async Task A_user_without_an_account_is_not_kept_and_has_one_with_the_first_operation()
    {
        var cache = NewCache(new CacheOptions());
        await using var checks = await Start(cache);
        var user = Ids.User("nobody");
        Assert.Equal("free_quota", (await checks.Check(user, TestCatalogue.Image)).PaidFrom);
        Assert.DoesNotContain(user, (await cache.List(0, 10_000))!.UserIds);

        await checks.Writer.Apply([TestUsage.Of(user, TestCatalogue.Image, 5).ToCharge()], default);

        Assert.Equal(ErrorCodes.InsufficientFunds, (await checks.Check(user, TestCatalogue.Image)).Reason);
    }

    [Fact]
    public async Task A_yes_is_never_older_than_was_set_whatever_was_lost()
    {
        var options = new CacheOptions { StaleMax = TimeSpan.FromSeconds(1) };
        await using var checks = await Start(NewCache(options), options);
        var user = Ids.User("lost");
        await Give(checks, user, "0.01");
        await checks.CheckUntilCached(user);

        // An instance that commits and writes nothing to the cache, as one that dies right after its commit.
        await _ledger.NewWriter().Apply([TestUsage.Of(user, quantity: 5).ToCharge()], default);
        var from = TimeProvider.System.GetTimestamp();
        while ((await checks.Check(user)).Allowed)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(from) < TimeSpan.FromSeconds(1.2), "A yes is older than CacheStaleMax.");
            await Task.Delay(TimeSpan.FromMilliseconds(10));
        }
    }

    [Fact]
    public async Task While_the_database_is_away_the_answer_says_so_whatever_the_cache_knows()
    {
        var options = new CacheOptions { DatabaseSilenceMax = TimeSpan.FromSeconds(1) };
        await using var checks = await Start(NewCache(options), options);
        var user = Ids.User("offline");
        await Give(checks, user, "1.00");
        await checks.CheckUntilCached(user);

        checks.Store.IsAway = true;
        await Eventually.That(() => checks.Check(user), answer => answer is { Allowed: false, Reason: ErrorCodes.DatabaseUnavailable }, "the answer says so", within: TimeSpan.FromSeconds(2));
        Assert.Equal(ErrorCodes.DatabaseUnavailable, (await checks.Check(user)).Reason);

        checks.Store.IsAway = false;
        Assert.True((await checks.Check(user)).Allowed);
        await checks.CheckUntilCached(user);
    }

    [Fact]
    public async Task Many_at_once_are_answered_like_one_by_one_and_those_not_cached_are_read_together()
    {
        await using var checks = await Start();
        var users = Enumerable.Range(0, 40).Select(number => Ids.User($"many{number}")).ToArray();
        foreach (var user in users.Take(30)) await Give(checks, user, "0.01");
        foreach (var user in users.Take(10)) await checks.CheckUntilCached(user);
        var reads = checks.Store.Reads;
        var items = users.Select(user => System.Text.Json.JsonSerializer.Deserialize<Service.Intake.UsageFields>($$"""{"userId":"{{user}}","service":"search","quantity":5}""")).ToArray();

        for (var i = 0; i < 2; i++)
        {
            var answers = await checks.Quota.Check(items, default);
            Assert.Equal(users, answers.Items.Select(answer => answer.UserId));
            Assert.Equal(Enumerable.Repeat(true, 30).Concat(Enumerable.Repeat(false, 10)), answers.Items.Select(answer => answer.Allowed));
        }

        // Not one by one; and the second time those that have an account are there.
        Assert.Equal(reads, checks.Store.Reads);
        foreach (var user in users.Take(30)) Assert.True((await checks.Check(user)).Allowed);
        Assert.Equal(reads, checks.Store.Reads);
    }

    async Task<CachedChecks> Start(IAccountCache? cache = null, CacheOptions? options = null) =>
        await new CachedChecks(_ledger, cache ?? NewCache(options ?? new CacheOptions()), options).Started();

    static async Task Give(CachedChecks checks, string user, string amount) =>
        Assert.IsType<Entered>((await checks.Writer.Apply([new AdjustFunds(Ids.WithTime(), user, Money.Parse(amount), "eve", "a test")], default))[0]);
}
