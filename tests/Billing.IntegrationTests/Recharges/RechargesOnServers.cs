using Billing.Demo.Payments.Scripting;
using Billing.TestSupport.Broker;
using Billing.TestSupport.Payments;

namespace Billing.IntegrationTests.Recharges;

/// <summary>The service and the payment service's process on one broker. Recharges expire after eight seconds; a user pays after a fifth of one.</summary>
public sealed class RechargesOnServers(Servers servers) : ServiceOnServers(servers)
{
    readonly Dictionary<string, Started> _byChannel = [];

    public PaymentServiceProcess Payments { get; private set; } = null!;
    public Requester AsWeb { get; private set; } = null!;
    public Requester AsOperator { get; private set; } = null!;

    protected override string[] Settings => ["Recharges:ExpiresAfter=00:00:08", "Recharges:QueryBeforeExpiry=00:00:05", "Recharges:CreditAgainAfter=00:00:05"];

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Payments = await PaymentServiceProcess.Start(Broker.AsPaymentService, "--pay-after", "200");
        AsWeb = await Requester.Connect(Broker.AsWeb);
        AsOperator = await Requester.Connect(Broker.AsOperator);
        // All at once: what takes its time takes it together.
        var started = await Task.WhenAll(Channels.Misbehaviours.Select(word => $"card:{word}").Prepend("card").Select(Start));
        foreach (var recharge in started) _byChannel.Add(recharge.Channel, recharge);
    }

    /// <summary>The recharge that was started by this channel before the tests.</summary>
    public Started Of(string channel) => _byChannel[channel];

    public async Task<Started> Start(string channel)
    {
        var order = new StartRecharge { UserId = Ids.User("payer"), Amount = Money.Parse("10.00"), Currency = "USD", Channel = channel, IdempotencyKey = "first" };
        return new Started(channel, order, await AsWeb.Ask<StartRecharge, RechargeStatus>(order));
    }

    public Task<RechargeStatus> Get(Guid rechargeId) => AsWeb.Ask<GetRecharge, RechargeStatus>(new GetRecharge { RechargeId = rechargeId });

    public Task<RechargeStatus> WaitUntil(Guid rechargeId, Func<RechargeStatus, bool> condition, string expectation) =>
        Eventually.That(() => Get(rechargeId), condition, expectation);

    /// <summary>All that is unmatched and belongs to a payment of the recharge.</summary>
    public async Task<IReadOnlyList<UnmatchedPaymentStatus>> Unmatched(string paymentId) =>
        [.. (await AsOperator.Ask<ListUnmatchedPayments, UnmatchedPaymentList>(new ListUnmatchedPayments { Resolved = true, Limit = 500 })).Items
            .Where(payment => payment.PaymentId?.StartsWith(paymentId, StringComparison.Ordinal) == true)];

    /// <summary>Nothing waits in an outbox or in a queue: what has been told so far has been acted upon.</summary>
    public Task NothingWaits() => Eventually.That(async () => (
        await Count("select (select count(*) from recharges.outbox_message where enqueue_time is null) + (select count(*) from outbox_message where enqueue_time is null)"),
        await Broker.Waiting()), waiting => waiting is (0, 0), "nothing waits in outboxes and queues");

    public override async Task DisposeAsync()
    {
        // Also when it broke off at the start: no process outlives its test.
        if (Payments is not null) await Payments.DisposeAsync();
        if (AsOperator is not null) await AsOperator.DisposeAsync();
        if (AsWeb is not null) await AsWeb.DisposeAsync();
        await base.DisposeAsync();
    }

    public sealed record Started(string Channel, StartRecharge Order, RechargeStatus Answer);
}
