using Billing.Sagas.Desk;
using Billing.Sagas.Doors;
using Billing.Sagas.Queries;
using MassTransit;

namespace Billing.Sagas;

/// <summary>How a queue of the recharges is to be served.</summary>
public enum RechargeEndpointKind
{
    /// <summary>Plain JSON of any publisher, or MassTransit's envelope; one message type.</summary>
    Notices,

    /// <summary>Requests that are answered, without a change.</summary>
    Requests,

    /// <summary>Messages that change something: inbox, outbox and retries.</summary>
    Changes,
}

/// <summary>A queue of the recharges and who consumes it.</summary>
public sealed record RechargeEndpoint(string Queue, RechargeEndpointKind Kind, Action<IReceiveEndpointConfigurator, IRegistrationContext> Attach)
{
    /// <summary>Its senders wait for an answer, also where it changes something.</summary>
    public bool IsAsked => Kind == RechargeEndpointKind.Requests || Queue == RechargeQueues.AssignPayment;
}

/// <summary>What the host connects to its bus.</summary>
public static class RechargeEndpoints
{
    public static IReadOnlyList<RechargeEndpoint> All { get; } =
    [
        Notices<PaymentCreatedConsumer>(RechargeQueues.PaymentCreated),
        Notices<PaymentSucceededConsumer>(RechargeQueues.PaymentSucceeded),
        Notices<PaymentFailedConsumer>(RechargeQueues.PaymentFailed),
        Notices<PaymentRefundedConsumer>(RechargeQueues.PaymentRefunded),
        Requests<StartRechargeConsumer>(RechargeQueues.StartRecharge),
        Requests<ResolveRechargeConsumer>(RechargeQueues.ResolveRecharge),
        Requests<GetRechargeConsumer>(RechargeQueues.GetRecharge),
        Requests<ListRechargesConsumer>(RechargeQueues.ListRecharges),
        Requests<ListUnmatchedPaymentsConsumer>(RechargeQueues.ListUnmatchedPayments),
        new(RechargeQueues.Recharges, RechargeEndpointKind.Changes, (endpoint, context) =>
        {
            // These come in by the doors alone, which know the right from the wrong.
            endpoint.ConfigureMessageTopology<StartRecharge>(enabled: false);
            endpoint.ConfigureMessageTopology<ResolveRecharge>(enabled: false);
            endpoint.ConfigureMessageTopology<PaymentCreated>(enabled: false);
            endpoint.ConfigureMessageTopology<PaymentSucceeded>(enabled: false);
            endpoint.ConfigureMessageTopology<PaymentFailed>(enabled: false);
            endpoint.ConfigureMessageTopology<PaymentRefunded>(enabled: false);
            endpoint.ConfigureSaga<RechargeState>(context);
        }),
        new(RechargeQueues.Desk, RechargeEndpointKind.Changes, (endpoint, context) => endpoint.ConfigureConsumer<UnreadableNoticeConsumer>(context)),
        new(RechargeQueues.AssignPayment, RechargeEndpointKind.Changes, (endpoint, context) => endpoint.ConfigureConsumer<AssignPaymentConsumer>(context)),
    ];

    /// <param name="bus">The host's bus.</param>
    /// <param name="postgres">Whether the database is PostgreSQL; else a SQLite file.</param>
    /// <param name="broker">Whether the payment service is on the broker. In memory it cannot be: there it asks for its orders over HTTP.</param>
    public static void AddRecharges(this IBusRegistrationConfigurator bus, bool postgres, bool broker)
    {
        bus.AddConsumer<PaymentCreatedConsumer>();
        bus.AddConsumer<PaymentSucceededConsumer>();
        bus.AddConsumer<PaymentFailedConsumer>();
        bus.AddConsumer<PaymentRefundedConsumer>();
        bus.AddConsumer<StartRechargeConsumer>();
        bus.AddConsumer<ResolveRechargeConsumer>();
        bus.AddConsumer<GetRechargeConsumer>();
        bus.AddConsumer<ListRechargesConsumer>();
        bus.AddConsumer<ListUnmatchedPaymentsConsumer>();
        bus.AddConsumer<UnreadableNoticeConsumer>();
        bus.AddConsumer<AssignPaymentConsumer>();
        bus.AddSagaStateMachine<RechargeStateMachine, RechargeState>().EntityFrameworkRepository(repository =>
        {
            repository.ExistingDbContext<RechargesDb>();
            repository.ConcurrencyMode = ConcurrencyMode.Pessimistic;
            if (postgres) repository.UsePostgres();
            else repository.UseSqlite();
        });
        bus.AddEntityFrameworkOutbox<RechargesDb>(outbox =>
        {
            if (postgres) outbox.UsePostgres();
            else outbox.UseSqlite();
            outbox.UseBusOutbox();
            // Who must hear them may not be there yet: they stay until he is. Of the events perhaps nobody wants to hear.
            if (broker)
            {
                outbox.Mandatory<CreatePayment>();
                outbox.Mandatory<QueryPayment>();
            }
            outbox.Mandatory<RechargeNeedsReview>();
            outbox.Mandatory<CreditAccount>();
            outbox.Mandatory<RefundCredit>();
            outbox.Mandatory<StartRecharge>();
            outbox.Mandatory<ResolveRecharge>();
            outbox.Mandatory<PaymentCreated>();
            outbox.Mandatory<PaymentSucceeded>();
            outbox.Mandatory<PaymentFailed>();
            outbox.Mandatory<PaymentRefunded>();
            outbox.Mandatory<CreditUnmatchedPayment>();
            outbox.Mandatory<RechargeAnswerDue>();
            outbox.Mandatory<RechargeLookDue>();
        });
        bus.AddOutboxMessageScheduler<RechargesDb>();
    }

    /// <summary>The transaction of a changing endpoint; retries go before it.</summary>
    public static void UseRechargesOutbox(this IReceiveEndpointConfigurator endpoint, IRegistrationContext context) => endpoint.UseEntityFrameworkOutbox<RechargesDb>(context);

    /// <summary>The scheduler of the bus that the recharges' times are kept by.</summary>
    public static void UseRechargesScheduler(this IBusFactoryConfigurator bus, IRegistrationContext context) => bus.UseOutboxMessageScheduler<RechargesDb>(context);

    static RechargeEndpoint Notices<T>(string queue) where T : class, IConsumer => new(queue, RechargeEndpointKind.Notices, (endpoint, context) => endpoint.ConfigureConsumer<T>(context));

    static RechargeEndpoint Requests<T>(string queue) where T : class, IConsumer => new(queue, RechargeEndpointKind.Requests, (endpoint, context) => endpoint.ConfigureConsumer<T>(context));
}
