using Billing.Service.Charging;
using Billing.TestSupport.Broker;

namespace Billing.IntegrationTests.Broker;

/// <summary>Leases over the broker, as the gateway's user.</summary>
[Collection(ServersCollection.Name)]
public sealed class ReservationRequestTests(ServiceOnServers running) : IClassFixture<ServiceOnServers>
{
    const int Gateways = 4;
    const int Funded = 1_000;
    const int Lease = 70;

    readonly Auditor _auditor = running.NewAuditor();

    [Fact]
    public async Task Four_gateways_that_lease_the_last_thousand_calls_hand_out_a_thousand_and_not_one_more()
    {
        var user = Ids.User("leased");
        await Deposit(user, new Money(Funded * 2_000_000L));

        var handedOut = await Task.WhenAll(Enumerable.Range(0, Gateways).Select(_ => Task.Run(() => HandOut(user))));

        Assert.Equal(Funded, handedOut.Sum());
        await Eventually.That(() => running.Count("select count(*) from usage_record r join account a on a.account_id = r.account_id where a.user_id = $1", user), count => count == Funded, "all usage is charged");
        Assert.Equal(0, await running.Count("select balance_nanos from account where user_id = $1", user));
        Assert.Equal(0, await running.Count("select held_nanos from account where user_id = $1", user));
        Assert.Equal(0, await running.Count("select coalesce(sum(late_quantity), 0)::bigint from reservation r join account a on a.account_id = r.account_id where a.user_id = $1", user));
        await _auditor.Check();
    }

    [Fact]
    public async Task A_stream_is_extended_until_the_funds_end()
    {
        var user = Ids.User("stream");
        await Deposit(user, Money.Parse("1"));
        var reservation = new ReserveQuota { ReservationId = Ids.WithTime(), UserId = user, Service = TestCatalogue.Llm, Quantity = 1, Cost = Money.Parse("0.30") };
        Assert.True((await running.Requests.Ask<ReserveQuota, QuotaReservation>(reservation)).Granted);

        var more = new ExtendReservation { ReservationId = reservation.ReservationId, UserId = user, Step = 1, Cost = Money.Parse("0.30") };
        Assert.True((await running.Requests.Ask<ExtendReservation, QuotaReservation>(more)).Granted);
        Assert.Equal(Money.Parse("0.90"), (await running.Requests.Ask<ExtendReservation, QuotaReservation>(more with { Step = 2 })).Amount);
        Assert.Equal(ErrorCodes.InsufficientFunds, (await running.Requests.Ask<ExtendReservation, QuotaReservation>(more with { Step = 3 })).Code);

        await running.Gateway.PublishPlain(_auditor.Charged(TestUsage.Of(user, TestCatalogue.Llm) with { Cost = Money.Parse("0.85"), ReservationId = reservation.ReservationId }).ToMessage());
        await Eventually.That(() => running.Count("select balance_nanos from account where user_id = $1", user), balance => balance == 150_000_000, "the call is charged");
        Assert.Equal(Money.Parse("0.05"), (await running.Requests.Ask<ReleaseQuota, QuotaRelease>(new ReleaseQuota { ReservationId = reservation.ReservationId, UserId = user })).AmountReturned);
        await _auditor.Check();
    }

    /// <summary>Leases until nothing is left, hands each lease out call by call, and gives back what it cannot use.</summary>
    async Task<long> HandOut(string user)
    {
        await using var gateway = await Publisher.Connect(running.Broker.AsGateway);
        long handedOut = 0;
        for (long ask = Lease; ;)
        {
            var lease = new ReserveQuota { ReservationId = Ids.WithTime(), UserId = user, Service = TestCatalogue.Search, Quantity = ask, GrantSeconds = 60 };
            var answer = await running.Requests.Ask<ReserveQuota, QuotaReservation>(lease);
            if (!answer.Granted)
            {
                Assert.Equal(ErrorCodes.InsufficientFunds, answer.Code);
                if (answer.AffordableQuantity is not (> 0 and var affordable)) return handedOut;
                ask = affordable;
                continue;
            }
            for (var call = 0; call < ask; call++)
                await gateway.PublishPlain(_auditor.Charged(TestUsage.Of(user) with { ReservationId = lease.ReservationId }).ToMessage());
            handedOut += ask;
            // Some of it is on its way: what it needs stays.
            Assert.Equal(Money.Zero, (await running.Requests.Ask<ReleaseQuota, QuotaRelease>(new ReleaseQuota { ReservationId = lease.ReservationId, UserId = user, UsedQuantity = ask })).AmountReturned);
        }
    }

    async Task Deposit(string user, Money amount)
    {
        await using var asOperator = await Requester.Connect(running.Broker.AsOperator);
        var adjustment = new AdjustBalance { AdjustmentId = Ids.WithTime(), UserId = user, Amount = amount, Actor = "operator", Reason = "a test" };
        _auditor.Entered(EntryKind.Adjustment, adjustment.AdjustmentId, user, amount);
        Assert.True((await asOperator.Ask<AdjustBalance, BalanceAdjustment>(adjustment)).Applied);
    }
}
