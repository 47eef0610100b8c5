using Billing.Client;
using Billing.Service.Charging;
using Billing.TestSupport.Broker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.IntegrationTests.Client;

/// <summary>Gateways with the library over RabbitMQ, each with connections of its own, on a service with PostgreSQL.</summary>
[Collection(ServersCollection.Name)]
public sealed class QuotaGateTests(ServiceOnServers running) : IClassFixture<ServiceOnServers>
{
    const int Gateways = 4;
    const int CallersOfEach = 8;
    const int Funded = 1_000;
    static readonly Money Price = new(2_000_000);

    readonly Auditor _auditor = running.NewAuditor();

    [Fact]
    public async Task Four_gateways_on_the_last_thousand_calls_let_a_thousand_through_and_not_one_more()
    {
        var user = Ids.User("leased");
        await Deposit(user, new Money(Funded * Price.Nanos));

        var together = await Task.WhenAll(Enumerable.Range(0, Gateways).Select(_ => SpendAll(user)));
        Assert.InRange(together.Sum(), 1, Funded);

        // What they held at their end has gone back: one gateway alone spends the rest.
        var rest = await SpendAll(user);
        Assert.Equal(Funded, together.Sum() + rest);
        await Eventually.That(() => Of("select count(*) from usage_record where account_id = $1", user), count => count == Funded, "all usage is charged");
        Assert.Equal(0, await Of("select balance_nanos from account where account_id = $1", user));
        Assert.Equal(0, await Of("select held_nanos from account where account_id = $1", user));
        Assert.Equal(0, await Of("select coalesce(sum(late_quantity), 0)::bigint from reservation where account_id = $1", user));
        await _auditor.Check();
    }

    [Fact]
    public async Task A_gateway_whose_clock_is_off_by_hours_leases_like_any_other()
    {
        var user = Ids.User("clock");
        await Deposit(user, new Money(20 * Price.Nanos));

        var early = await SpendAll(user, new ShiftedTime(TimeSpan.FromHours(-7)), most: 10);
        var late = await SpendAll(user, new ShiftedTime(TimeSpan.FromHours(7)));

        Assert.Equal((10, 10), (early, late));
        await Eventually.That(() => Of("select held_nanos from account where account_id = $1", user), held => held == 0, "nothing is held any more");
        await _auditor.Check();
    }

    /// <summary>A gateway with several callers, until there is nothing more to be had or so many calls are made; then it ends, and gives back what it holds.</summary>
    async Task<int> SpendAll(string user, TimeProvider? time = null, int most = int.MaxValue)
    {
        await using var provider = Client(time ?? TimeProvider.System);
        var gate = provider.GetRequiredService<IQuotaGate>();
        await using var gateway = await Publisher.Connect(running.Broker.AsGateway);
        using var oneAtATime = new SemaphoreSlim(1);
        var calls = 0;
        await Task.WhenAll(Enumerable.Range(0, Math.Min(CallersOfEach, most)).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref calls) <= most)
            {
                var grant = await gate.AcquireAsync(user, TestCatalogue.Search);
                if (!grant.Allowed)
                {
                    Interlocked.Decrement(ref calls);
                    Assert.Equal(ErrorCodes.InsufficientFunds, grant.Code);
                    return;
                }
                var usage = _auditor.Charged(TestUsage.Of(user) with { ReservationId = grant.ReservationId });
                Assert.True(grant.Complete(1));
                await oneAtATime.WaitAsync();
                await gateway.PublishPlain(usage.ToMessage());
                oneAtATime.Release();
            }
            Interlocked.Decrement(ref calls);
        })));
        return calls;
    }

    ServiceProvider Client(TimeProvider time)
    {
        var services = new ServiceCollection();
        services.AddSingleton(time);
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddBillingClient(options => options.Address = running.Broker.AsGateway);
        return services.BuildServiceProvider();
    }

    Task<long> Of(string sql, string user) => running.Count(sql.Replace("$1", "(select account_id from account where user_id = $1)", StringComparison.Ordinal), user);

    async Task Deposit(string user, Money amount)
    {
        await using var asOperator = await Requester.Connect(running.Broker.AsOperator);
        var adjustment = new AdjustBalance { AdjustmentId = Ids.WithTime(), UserId = user, Amount = amount, Actor = "operator", Reason = "a test" };
        _auditor.Entered(EntryKind.Adjustment, adjustment.AdjustmentId, user, amount);
        Assert.True((await asOperator.Ask<AdjustBalance, BalanceAdjustment>(adjustment)).Applied);
    }

    /// <summary>The machine's clock is wrong; what has passed since is not.</summary>
    sealed class ShiftedTime(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
