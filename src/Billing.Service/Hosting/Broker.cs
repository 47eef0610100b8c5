using System.Text.Json.Serialization.Metadata;
using Billing.Sagas;
using Billing.Service.Accounts;
using Billing.Service.Alerts;
using Billing.Service.Batching;
using Billing.Service.Catalogues;
using Billing.Service.Intake;
using Billing.Service.Ledger;
using Billing.Service.Observability;
using Billing.Service.Operators;
using Billing.Service.Queries;
using Billing.Service.Quota;
using Billing.Service.Recharges;
using Billing.Service.Reservations;
using Billing.Service.Webhooks;
using MassTransit;
using MassTransit.Middleware;
using MassTransit.RabbitMqTransport;
using MassTransit.Topology;

namespace Billing.Service.Hosting;

/// <summary>The doors on the broker: one queue for each message type, with its limits, all in one place.</summary>
static class Broker
{
    const string Usage = "billing-usage";
    const string UsageBatch = "billing-usage-batch";
    const string DeductQuota = "billing-deduct-quota";
    const string CheckQuota = "billing-check-quota";
    const string InitializeAccount = "billing-initialize-account";
    const string GetAccount = "billing-get-account";
    const string AdjustBalance = "billing-adjust-balance";
    const string CreditAccount = "billing-credit-account";
    const string RefundCredit = "billing-refund-credit";
    const string CheckQuotas = "billing-check-quotas";
    const string ReserveQuota = "billing-reserve-quota";
    const string ExtendReservation = "billing-extend-reservation";
    const string ReleaseQuota = "billing-release-quota";
    const string GetAccounts = "billing-get-accounts";
    const string ListRecords = "billing-list-records";
    const string ListLedger = "billing-list-ledger";
    const string GetStatistics = "billing-get-statistics";
    const string RegisterService = "billing-register-service";
    const string ChangePrice = "billing-change-price";
    const string ChangeFreeQuota = "billing-change-free-quota";
    const string GetCatalogue = "billing-get-catalogue";
    const string GetService = "billing-get-service";
    const string ReverseUsage = "billing-reverse-usage";
    const string SetOverdraft = "billing-set-overdraft";
    const string ListRejectedUsage = "billing-list-rejected-usage";
    const string CountRejectedUsage = "billing-count-rejected-usage";
    const string RetryRejected = "billing-retry-rejected";
    const string ListOperatorActs = "billing-list-operator-acts";
    const string SetBalanceAlert = "billing-set-balance-alert";
    const string Webhooks = "billing-webhooks";

    public static void AddBroker(this IServiceCollection services, ServerAddresses addresses, BrokerOptions options)
    {
        // The in-memory transport cannot take a message back: its usage is held for as long as the database is away.
        if (addresses.RabbitMq is null) services.PostConfigure<BatchingOptions>(batching => batching.BulkHoldMax = TimeSpan.MaxValue);

        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddLedgerOutbox(onPostgres: addresses.Postgres is not null);
            bus.AddConsumer<UsageOccurredConsumer>();
            bus.AddConsumer<UsageBatchConsumer>();
            bus.AddConsumer<DeductQuotaConsumer>();
            bus.AddConsumer<CheckQuotaConsumer>();
            bus.AddConsumer<ReserveQuotaConsumer>();
            bus.AddConsumer<ExtendReservationConsumer>();
            bus.AddConsumer<ReleaseQuotaConsumer>();
            bus.AddConsumer<InitializeAccountConsumer>();
            bus.AddConsumer<GetAccountConsumer>();
            bus.AddConsumer<AdjustBalanceConsumer>();
            bus.AddConsumer<CreditAccountConsumer>();
            bus.AddConsumer<RefundCreditConsumer>();
            bus.AddRecharges(postgres: addresses.Postgres is not null, broker: addresses.RabbitMq is not null);
            bus.AddConsumer<CheckQuotasConsumer>();
            bus.AddConsumer<GetAccountsConsumer>();
            bus.AddConsumer<ListRecordsConsumer>();
            bus.AddConsumer<ListLedgerConsumer>();
            bus.AddConsumer<GetStatisticsConsumer>();
            bus.AddConsumer<RegisterServiceConsumer>();
            bus.AddConsumer<ChangePriceConsumer>();
            bus.AddConsumer<ChangeFreeQuotaConsumer>();
            bus.AddConsumer<GetCatalogueConsumer>();
            bus.AddConsumer<GetServiceConsumer>();
            bus.AddConsumer<ReverseUsageConsumer>();
            bus.AddConsumer<SetOverdraftConsumer>();
            bus.AddConsumer<ListRejectedUsageConsumer>();
            bus.AddConsumer<CountRejectedUsageConsumer>();
            bus.AddConsumer<RetryRejectedConsumer>();
            bus.AddConsumer<ListOperatorActsConsumer>();
            bus.AddConsumer<SetBalanceAlertConsumer>();
            bus.AddConsumer<AlertConsumer>();
            bus.AddSendObserver<AnswersToRequesters>();
            if (FailPoint.IsArmed(FailPoint.AfterAck)) bus.AddReceiveObserver<AfterAckObserver>();
            if (FailPoint.IsArmed(FailPoint.AfterDelivery) || FailPoint.IsArmed(FailPoint.AfterLetIn)) bus.AddSendObserver<AfterSendObserver>();

            if (addresses.RabbitMq is { } address) bus.UsingRabbitMq((context, rabbitMq) =>
            {
                rabbitMq.Host(address, host =>
                {
                    var user = address.UserInfo.Split(':', 2);
                    host.Username(Uri.UnescapeDataString(user[0]));
                    host.Password(Uri.UnescapeDataString(user.ElementAtOrDefault(1) ?? ""));
                    host.PublisherConfirmation = true;
                });
                // A message that no queue takes is an error of its publisher, not a loss.
                rabbitMq.ConfigurePublish(publish => publish.UseExecute(send =>
                {
                    if (send.TryGetPayload<RabbitMqSendContext>(out var message)) message.Mandatory = !OptionalEvents.Has(send);
                }));
                rabbitMq.ConfigureSend(send => send.UseExecute(PlainReply.Address));
                rabbitMq.ConfigureSend(send => send.UseExecute(context =>
                {
                    if (IsOwnQueue(context.DestinationAddress) && context.TryGetPayload<RabbitMqSendContext>(out var message)) message.Mandatory = true;
                }));
                rabbitMq.ConfigureJsonSerializerOptions(AcceptMissingFields);
                rabbitMq.UseFilter(new TraceParent());
                rabbitMq.UseFilter(new OwnRepliesOnly(context.GetRequiredService<ILogger<OwnRepliesOnly>>()));
                Endpoints(rabbitMq, context, options, endpoint => ((IRabbitMqReceiveEndpointConfigurator)endpoint).SetQuorumQueue());
            });
            else bus.UsingInMemory((context, memory) =>
            {
                // Exchanges named as on RabbitMQ, which is what the incoming messages ask for. Left to itself this transport would send a
                // published contract to an exchange of another name, where nobody listens.
                memory.MessageTopology.SetEntityNameFormatter(new MessageNameFormatterEntityNameFormatter(new RabbitMqMessageNameFormatter()));
                memory.ConfigureJsonSerializerOptions(AcceptMissingFields);
                Endpoints(memory, context, options, _ => { });
            });
        });
        services.RemoveMassTransitHostedService();
        services.AddHostedService<BrokerDoors>();
        if (addresses.RabbitMq is not null) services.AddHostedService(provider => ActivatorUtilities.CreateInstance<BusWatch>(provider, options, ActivatorUtilities.CreateInstance<BusLook>(provider)));
    }

    static void Endpoints<TEndpoint>(IBusFactoryConfigurator<TEndpoint> bus, IRegistrationContext context, BrokerOptions options, Action<IReceiveEndpointConfigurator> transport)
        where TEndpoint : IReceiveEndpointConfigurator
    {
        // Asked for at the first failure: the ledger itself waits for this bus, to announce what it has done.
        var database = new Lazy<ILedgerStore>(context.GetRequiredService<ILedgerStore>);
        Intake<UsageOccurredConsumer, IncomingUsage>(Usage, options.UsagePrefetch);
        Intake<UsageBatchConsumer, IncomingUsageBatch>(UsageBatch, options.UsageBatchPrefetch);
        Requests<DeductQuotaConsumer>(DeductQuota);
        Requests<CheckQuotaConsumer>(CheckQuota);
        Requests<ReserveQuotaConsumer>(ReserveQuota);
        Requests<ExtendReservationConsumer>(ExtendReservation);
        Requests<ReleaseQuotaConsumer>(ReleaseQuota);
        Requests<InitializeAccountConsumer>(InitializeAccount);
        Requests<GetAccountConsumer>(GetAccount);
        Requests<AdjustBalanceConsumer>(AdjustBalance);
        Commands<CreditAccountConsumer>(CreditAccount, options.RequestPrefetch);
        Commands<RefundCreditConsumer>(RefundCredit, options.RequestPrefetch);
        bus.AddRechargeEndpoints(context, options, transport);
        Requests<CheckQuotasConsumer>(CheckQuotas);
        Requests<GetAccountsConsumer>(GetAccounts);
        Requests<ListRecordsConsumer>(ListRecords);
        Requests<ListLedgerConsumer>(ListLedger);
        Requests<GetStatisticsConsumer>(GetStatistics);
        Requests<RegisterServiceConsumer>(RegisterService);
        Requests<ChangePriceConsumer>(ChangePrice);
        Requests<ChangeFreeQuotaConsumer>(ChangeFreeQuota);
        Requests<GetCatalogueConsumer>(GetCatalogue);
        Requests<GetServiceConsumer>(GetService);
        Requests<ReverseUsageConsumer>(ReverseUsage);
        Requests<SetOverdraftConsumer>(SetOverdraft);
        Requests<ListRejectedUsageConsumer>(ListRejectedUsage);
        Requests<CountRejectedUsageConsumer>(CountRejectedUsage);
        Requests<RetryRejectedConsumer>(RetryRejected);
        Requests<ListOperatorActsConsumer>(ListOperatorActs);
        Requests<SetBalanceAlertConsumer>(SetBalanceAlert);
        Commands<AlertConsumer>(Webhooks, options.AlertPrefetch);

        void Intake<TConsumer, TMessage>(string queue, int prefetch) where TConsumer : class, IConsumer where TMessage : class => Endpoint<TConsumer>(queue, prefetch, endpoint =>
        {
            // Plain JSON by any publisher, and MassTransit's envelope by its content type.
            endpoint.AddDeserializer(new DirectJsonFactory<TMessage>(), isDefault: true);
            if (endpoint is IRabbitMqReceiveEndpointConfigurator rabbitMq) rabbitMq.ConfigureChannel(channel => channel.UseFilter(new GatherAcks()));
            endpoint.PublishFaults = false;
            endpoint.ConfigureDeadLetter(dead =>
            {
                dead.UseFilter(new SetAsideOnce());
                dead.UseFilter(new DeadLetterTransportFilter());
            });
            endpoint.ConfigureError(error =>
            {
                error.UseFilter(new RequeueWhenUnavailable(options.RequeueDelay, database));
                error.UseFilter(new SetAsideOnce());
                error.UseFilter(new ErrorTransportFilter());
            });
        });

        void Requests<TConsumer>(string queue) where TConsumer : class, IConsumer => Endpoint<TConsumer>(queue, options.RequestPrefetch, endpoint =>
        {
            endpoint.UseRawJsonDeserializer(RawSerializerOptions.AnyMessageType, isDefault: true);
            UnreadableEnvelopes.AreAnsweredAt(endpoint);
            endpoint.UseFilter(new PlainRequests());
            // Its requester is told of a fault; published to nobody it would come back, and the message go round for ever.
            endpoint.PublishFaults = false;
            endpoint.ConfigureDeadLetter(dead =>
            {
                // What failed for a reason of another kind is answered at this second look.
                dead.UseFilter(new UnreadableRequests());
                dead.UseFilter(new SetAsideOnce());
                dead.UseFilter(new DeadLetterTransportFilter());
            });
            endpoint.ConfigureError(error =>
            {
                error.UseFilter(new RequeueWhenUnavailable(options.RequeueDelay, database));
                error.UseFilter(new SetAsideOnce());
                error.UseFilter(new UnreadableRequests());
                error.UseFilter(new ErrorTransportFilter());
            });
        });

        // Answered by messages of their own, to whoever listens: a command is done when it is acknowledged.
        void Commands<TConsumer>(string queue, int prefetch) where TConsumer : class, IConsumer => Endpoint<TConsumer>(queue, prefetch, endpoint =>
        {
            endpoint.PublishFaults = false;
            endpoint.ConfigureDeadLetter(dead =>
            {
                dead.UseFilter(new SetAsideOnce());
                dead.UseFilter(new DeadLetterTransportFilter());
            });
            endpoint.ConfigureError(error =>
            {
                error.UseFilter(new RequeueWhenUnavailable(options.RequeueDelay, database, orUnheard: true));
                error.UseFilter(new SetAsideOnce());
                error.UseFilter(new ErrorTransportFilter());
            });
        });

        void Endpoint<TConsumer>(string queue, int prefetch, Action<IReceiveEndpointConfigurator> configure) where TConsumer : class, IConsumer =>
            bus.ReceiveEndpoint(queue, endpoint =>
            {
                endpoint.PrefetchCount = prefetch;
                endpoint.ConcurrentMessageLimit = prefetch;
                transport(endpoint);
                configure(endpoint);
                endpoint.ConfigureConsumer<TConsumer>(context);
            });
    }

    /// <summary>An answer may find its requester gone; what goes to a queue of this service must arrive there.</summary>
    static bool IsOwnQueue(Uri? address) => address?.AbsolutePath.Split('/')[^1].StartsWith("billing-", StringComparison.Ordinal) == true;

    /// <summary>Contracts are `required`, but a missing field must reach the validator instead of making the message unreadable.</summary>
    static System.Text.Json.JsonSerializerOptions AcceptMissingFields(System.Text.Json.JsonSerializerOptions json)
    {
        json.TypeInfoResolver = (json.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(type =>
        {
            foreach (var property in type.Properties) property.IsRequired = false;
        });
        return json;
    }
}
