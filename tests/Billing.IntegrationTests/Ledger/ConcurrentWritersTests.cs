using Billing.Service.Charging;
using Billing.TestSupport.Ledger;

namespace Billing.IntegrationTests.Ledger;

/// <summary>Several instances of the service on one database at once, on the same users.</summary>
[Collection(ServersCollection.Name)]
public sealed class ConcurrentWritersTests(Servers servers) : IAsyncLifetime
{
    const int Seed = 20261122;
    const int Writers = 8;
    const int BatchesEach = 20;
    const int BatchSize = 120;
    const int Users = 60;
    const int SharedIds = 400;

    PostgresLedgerUnderTest _ledger = null!;
    Auditor _auditor = null!;

    public async Task InitializeAsync()
    {
        _ledger = await PostgresLedgerUnderTest.Create(servers);
        _auditor = new Auditor(_ledger.Database);
    }

    public async Task DisposeAsync() => await _ledger.DisposeAsync();

    [Fact]
    public async Task Eight_writers_on_overlapping_users_meet_no_deadlock_and_every_sum_is_right()
    {
        string[] users = [.. Enumerable.Range(0, Users).Select(number => Ids.User($"hot{number}"))];
        var random = new Random(Seed);
        // Some usages come to several writers, as redeliveries in other groupings do; half of the ids carry no time.
        TestUsage[] shared = [.. Enumerable.Range(0, SharedIds).Select(_ => RandomUsage(random, users))];
        var batches = Enumerable.Range(0, Writers).Select(_ => Enumerable.Range(0, BatchesEach).Select(_ => RandomBatch(random, users, shared)).ToArray()).ToArray();

        await Task.WhenAll(batches.Select(own => Task.Run(async () =>
        {
            var writer = _ledger.NewWriter();
            foreach (var batch in own)
            {
                var outcomes = await writer.Apply([.. batch.Select(usage => usage.ToCharge())], default);
                Assert.All(outcomes, outcome => Assert.IsType<Charged>(outcome));
                foreach (var usage in batch) _auditor.Charged(usage);
            }
        })));

        await _auditor.Check();
        Assert.Equal(0, await _ledger.Deadlocks());
    }

    [Fact]
    public async Task Accounts_are_locked_in_the_order_of_their_ids()
    {
        // The later account is the busy one. A batch that names both must take the earlier first, and then wait.
        string[] users = [Ids.User("earlier"), Ids.User("later")];
        foreach (var user in users) await _ledger.NewWriter().Apply([new OpenAccount(user)], default);
        var batch = users.Reverse().Select(user => _auditor.Charged(TestUsage.Of(user)).ToCharge()).ToArray();

        Task<Outcome[]> waiting;
        await using (await AccountLock.Take(_ledger.DataSource, users[1]))
        {
            waiting = _ledger.NewWriter().Apply(batch, default);
            await AccountLock.WaitUntilWaiting(_ledger.DataSource, 1);
            Assert.Equal(0, await _ledger.Count("select count(*) from (select 1 from account where user_id = $1 for update skip locked) free", users[0]));
        }
        await waiting;

        // And with the earlier one busy, the later must still be free.
        batch = [.. users.Reverse().Select(user => _auditor.Charged(TestUsage.Of(user)).ToCharge())];
        await using (await AccountLock.Take(_ledger.DataSource, users[0]))
        {
            waiting = _ledger.NewWriter().Apply(batch, default);
            await AccountLock.WaitUntilWaiting(_ledger.DataSource, 1);
            Assert.Equal(1, await _ledger.Count("select count(*) from (select 1 from account where user_id = $1 for update skip locked) free", users[1]));
        }
        await waiting;
        await _auditor.Check();
    }

    [Fact]
    public async Task A_batch_waits_for_another_instance_on_the_same_account_and_sees_what_it_did()
    {
        var user = Ids.User("shared");
        var deposit = new AdjustFunds(Ids.WithTime(), user, new Money(2_000_000), "operator", "one call's worth");
        _auditor.Entered(EntryKind.Adjustment, deposit.AdjustmentId, user, deposit.Amount);
        await _ledger.NewWriter().Apply([deposit], default);
        var usages = Enumerable.Range(0, Writers).Select(_ => TestUsage.Of(user)).ToArray();

        Task<Outcome[]>[] attempts;
        await using (await AccountLock.Take(_ledger.DataSource, user))
        {
            attempts = [.. usages.Select(usage => _ledger.NewWriter().Apply([usage.ToDeduction(_ledger.Now.AddMinutes(1))], default))];
            await AccountLock.WaitUntilWaiting(_ledger.DataSource, Writers);
        }
        var outcomes = (await Task.WhenAll(attempts)).Select(outcome => outcome[0]).ToArray();

        var charged = Assert.Single(outcomes.OfType<Charged>());
        Assert.All(outcomes.OfType<Refused>(), refused => Assert.Equal(ErrorCodes.InsufficientFunds, refused.Code));
        _auditor.Charged(usages.Single(usage => usage.UsageId == charged.Record.UsageId));
        await _auditor.Check();
    }

    static TestUsage[] RandomBatch(Random random, string[] users, TestUsage[] shared)
    {
        TestUsage[] batch = [.. Enumerable.Range(0, BatchSize).Select(_ => random.Next(5) == 0 ? shared[random.Next(shared.Length)] : RandomUsage(random, users))];
        random.Shuffle(batch);
        return batch;
    }

    static TestUsage RandomUsage(Random random, string[] users)
    {
        // Squared: the first users are far busier than the last.
        var share = random.NextDouble();
        var user = users[(int)(share * share * users.Length)];
        var id = random.Next(2) == 0 ? Ids.WithTime() : Ids.WithoutTime();
        return random.Next(3) switch
        {
            0 => TestUsage.Of(user, TestCatalogue.Image, random.Next(1, 4)) with { UsageId = id },
            1 => TestUsage.Of(user, TestCatalogue.Chat, random.Next(1, 5_000)) with { UsageId = id },
            _ => TestUsage.Of(user, TestCatalogue.Video, random.Next(1, 3)) with { UsageId = id, Cost = new Money(random.Next(1, 1_000_000)) },
        };
    }
}
