using Billing.Service.Charging;
using Billing.TestSupport.Broker;
using Billing.TestSupport.Ledger;

namespace Billing.IntegrationTests.Broker;

/// <summary>The ledger's half of a recharge through the broker.</summary>
[Collection(ServersCollection.Name)]
public sealed class RechargeTests(ServiceOnServers running) : IClassFixture<ServiceOnServers>, IAsyncLifetime
{
    static readonly Money Twenty = Money.Parse("20");

    readonly Auditor _auditor = running.NewAuditor();
    RechargeListener _listener = null!;
    Publisher _saga = null!;

    public async Task InitializeAsync()
    {
        _listener = await RechargeListener.Connect(running.Broker.AsAdministrator);
        _saga = await Publisher.Connect(running.Broker.AsService);
    }

    public async Task DisposeAsync()
    {
        await _saga.DisposeAsync();
        await _listener.DisposeAsync();
        await _auditor.Check();
    }

    [Fact]
    public async Task A_credit_sent_three_times_at_once_is_entered_once_and_told()
    {
        var credit = Credit(Ids.User("thrice"));
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            await using var one = await Publisher.Connect(running.Broker.AsService);
            await one.PublishInEnvelope(credit);
        })));

        var told = await _listener.WaitFor<AccountCredited>(message => message.RechargeId == credit.RechargeId, times: 3);

        Assert.Equal((credit.UserId, Twenty, Twenty), (told.UserId, told.Amount, told.Balance));
        Assert.Single(_listener.Ids<AccountCredited>(message => message.RechargeId == credit.RechargeId));
        Assert.Equal(1, await running.Count("select count(*) from ledger_entry where recharge_id = $1", credit.RechargeId));
        await NothingWaits();
    }

    [Fact]
    public async Task A_refund_is_taken_in_parts_and_once_and_never_beyond_the_credit()
    {
        var credit = Credit(Ids.User("parts"));
        await _saga.PublishInEnvelope(credit);
        await _listener.WaitFor<AccountCredited>(message => message.RechargeId == credit.RechargeId);

        // One after the other: the broker's consumers take messages side by side.
        foreach (var (id, amount) in new[] { ("re-1", "12"), ("re-2", "9"), ("re-1", "12"), ("re-3", "8"), ("re-1", "13") })
        {
            var answers = Answers();
            await _saga.PublishInEnvelope(Refund(credit, id, amount));
            await Eventually.That(() => Task.FromResult(Answers()), count => count > answers, $"the refund {id} is answered");
        }

        Entered(credit, "re-1", "12");
        Entered(credit, "re-3", "8");
        Assert.Equal(["re-1", "re-1", "re-3"], _listener.Heard<CreditRefunded>().Where(message => message.RechargeId == credit.RechargeId).Select(message => message.RefundId).Order());
        Assert.Equal([("re-1", ErrorCodes.OperationIdReused), ("re-2", ErrorCodes.RefundExceedsCredit)],
            _listener.Heard<RefundRefused>().Where(message => message.RechargeId == credit.RechargeId).Select(message => (message.RefundId, message.Code)).Order());
        Assert.Equal(0, await running.Count("select balance_nanos from account where user_id = $1", credit.UserId));
        await NothingWaits();

        int Answers() => _listener.Heard<CreditRefunded>().Count(message => message.RechargeId == credit.RechargeId)
            + _listener.Heard<RefundRefused>().Count(message => message.RechargeId == credit.RechargeId);
    }

    [Fact]
    public async Task While_the_database_does_not_answer_a_credit_goes_back_to_its_queue_and_is_entered_later()
    {
        var first = Credit(Ids.User("blocked"));
        await _saga.PublishInEnvelope(first);
        await _listener.WaitFor<AccountCredited>(message => message.RechargeId == first.RechargeId);
        var later = Credit(first.UserId);
        var redelivered = await Redelivered();

        await using (await AccountLock.Take(running.Database, first.UserId))
        {
            await _saga.PublishInEnvelope(later);
            await Eventually.That(Redelivered, count => count > redelivered, "the credit was given back and comes again");
            Assert.Equal(0, await running.Count("select count(*) from ledger_entry where recharge_id = $1", later.RechargeId));
        }

        Assert.Equal(Money.Parse("40"), (await _listener.WaitFor<AccountCredited>(message => message.RechargeId == later.RechargeId)).Balance);
        Assert.DoesNotContain(await running.Broker.Queues(), queue => queue == "billing-credit-account_error");

        async Task<long> Redelivered() => (long?)(await running.Broker.Queue("billing-credit-account"))["message_stats"]?["redeliver"] ?? 0;
    }

    [Fact]
    public async Task Debt_that_nobody_wants_to_hear_of_does_not_stay_in_the_outbox()
    {
        var usage = _auditor.Charged(TestUsage.Of(Ids.User("debtor")));
        await running.Gateway.PublishPlain(usage.ToMessage());
        await running.WaitUntilCharged(usage);
        Assert.True(await running.Count("select balance_nanos from account where user_id = $1", usage.UserId) < 0);
        await NothingWaits();
    }

    CreditAccount Credit(string user)
    {
        var credit = new CreditAccount { RechargeId = Ids.WithTime(), UserId = user, Amount = Twenty, Currency = "USD" };
        _auditor.Entered(EntryKind.Credit, credit.RechargeId, user, credit.Amount);
        return credit;
    }

    static RefundCredit Refund(CreditAccount credit, string id, string amount) =>
        new() { RechargeId = credit.RechargeId, RefundId = id, UserId = credit.UserId, Amount = Money.Parse(amount), Currency = credit.Currency };

    void Entered(CreditAccount credit, string refundId, string amount) =>
        _auditor.Entered(EntryKind.Refund, new TakeBackCredit(credit.RechargeId, refundId, credit.UserId, Money.Parse(amount)).OperationId, credit.UserId, -Money.Parse(amount));

    Task NothingWaits() => Eventually.That(() => running.Count("select count(*) from outbox_message"), waiting => waiting == 0, "the outbox is empty");
}
