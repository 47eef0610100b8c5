using Billing.TestSupport.Broker;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Billing.IntegrationTests.Broker;

/// <summary>
/// Every user of the broker against every message type, exchange and queue there is: what a role may is written down here, apart from the
/// definitions, and all else has to be refused.
/// </summary>
[Collection(ServersCollection.Name)]
public sealed class RightsMatrixTests(ServiceOnServers running) : IClassFixture<ServiceOnServers>
{
    const int AccessRefused = 403;
    const int Allowed = 0;
    const string PaymentQueue = "payment-service";

    static readonly string[] PaymentNotices = ["PaymentCreated", "PaymentSucceeded", "PaymentFailed", "PaymentRefunded"];
    static readonly string[] ToPaymentService = ["CreatePayment", "QueryPayment"];
    static readonly string[] Reads = ["CheckQuota", "CheckQuotas", "GetAccount", "GetCatalogue", "GetService"];

    /// <summary>What each role may send.</summary>
    static readonly Dictionary<string, string[]> MaySend = new()
    {
        ["gateway"] = ["UsageOccurred", "UsageBatch", "DeductQuota", "ReserveQuota", "ExtendReservation", "ReleaseQuota", "ReverseUsage", .. Reads],
        ["web"] = ["GetAccounts", "ListRecords", "ListLedger", "GetStatistics", "StartRecharge", "GetRecharge", "ListRecharges", .. Reads],
        ["api-key-service"] = ["InitializeAccount"],
        ["payment-service"] = PaymentNotices,
        ["operator"] =
        [
            "AdjustBalance", "ReverseUsage", "SetOverdraft", "SetBalanceAlert", "ListRejectedUsage", "CountRejectedUsage", "RetryRejected", "ListOperatorActs", "GetAccount", "CheckQuota",
            "GetRecharge", "ListRecharges", "ResolveRecharge", "AssignPayment", "ListUnmatchedPayments", "RegisterService", "ChangePrice", "ChangeFreeQuota", "GetCatalogue", "GetService",
        ],
        ["billing-service"] =
        [
            "DebtIncurred", "CreditAccount", "RefundCredit", "AccountCredited", "CreditRefused", "CreditRefunded", "RefundRefused", "CreatePayment", "QueryPayment",
            "RechargeCompleted", "RechargeFailed", "RechargeExpired", "RechargeNeedsReview", "RechargeRefunded", "PaymentUnmatched",
            "BalanceLow", "FreeQuotaReached", "DriftFound", "AuditFailed",
        ],
    };

    public static TheoryData<string> Roles => [.. MaySend.Keys];

    public static TheoryData<string> Guests => [.. MaySend.Keys.Where(role => role != "billing-service")];

    static IEnumerable<string> Contracts => typeof(UsageOccurred).Assembly.GetExportedTypes().Where(type => type is { IsClass: true, IsAbstract: false, IsGenericType: false }).Select(type => type.Name);

    [Fact]
    public void Each_message_that_a_role_sends_is_one_of_the_contracts() => Assert.All(MaySend.Values.SelectMany(names => names), name => Assert.Contains(name, Contracts));

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task A_role_publishes_its_messages_and_no_others(string role)
    {
        await using var connection = await Connect(role);
        var wrong = new List<string>();
        foreach (var name in Contracts)
        {
            var code = await Try(connection, channel => Publish(channel, $"Billing.Contracts:{name}"));
            // Where nothing is declared yet the broker says so, to whoever may.
            if (MaySend[role].Contains(name) ? code == AccessRefused : code != AccessRefused) wrong.Add($"{name}: {code}");
        }
        Assert.True(wrong.Count == 0, $"{role} {string.Join(", ", wrong)}");
    }

    [Theory]
    [MemberData(nameof(Guests))]
    public async Task A_guest_reaches_no_exchange_but_those_of_its_messages(string role)
    {
        await using var connection = await Connect(role);
        var own = Own(role);
        var wrong = new List<string>();
        var exchanges = (await running.Broker.Exchanges()).Concat(Contracts.Select(name => $"Billing.Contracts:{name}")).Distinct().Where(name => !own.Contains(name) && !IsOfPaymentService(role, name)).ToList();
        Assert.True(exchanges.Count > 100, $"only {exchanges.Count} exchanges are there");
        foreach (var exchange in exchanges)
        {
            await Refused("publishes to", channel => Publish(channel, exchange, routingKey: "billing-usage"));
            if (exchange == "") continue;
            await Refused("declares", channel => channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true));
            await Refused("deletes", channel => channel.ExchangeDeleteAsync(exchange, ifUnused: true));
            if (role == PaymentQueue && ToPaymentService.Contains(exchange.Split(':')[^1])) continue;
            await Refused("listens to", channel => channel.QueueBindAsync(role == PaymentQueue ? PaymentQueue : "billing-usage", exchange, ""));

            async Task Refused(string what, Func<IChannel, Task> attempt)
            {
                var code = await Try(connection, attempt);
                if (code != AccessRefused) wrong.Add($"{what} {exchange}: {code}");
            }
        }
        Assert.True(wrong.Count == 0, $"{role} {string.Join(", ", wrong)}");
    }

    [Theory]
    [MemberData(nameof(Guests))]
    public async Task A_guest_reaches_no_queue_of_the_service(string role)
    {
        await using var connection = await Connect(role);
        var wrong = new List<string>();
        var queues = (await running.Broker.Queues()).Where(queue => queue.StartsWith("billing-", StringComparison.Ordinal)).ToList();
        Assert.True(queues.Count >= 40, $"only {queues.Count} queues are there");
        foreach (var queue in queues.SelectMany(queue => (string[])[queue, $"{queue}_error", $"{queue}_skipped"]))
        {
            await Refused("reads", channel => channel.BasicGetAsync(queue, autoAck: false));
            await Refused("consumes", channel => channel.BasicConsumeAsync(queue, autoAck: true, new RabbitMQ.Client.Events.AsyncEventingBasicConsumer(channel)));
            await Refused("empties", channel => channel.QueuePurgeAsync(queue));
            await Refused("declares", channel => channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false));
            await Refused("deletes", channel => channel.QueueDeleteAsync(queue, ifUnused: true, ifEmpty: true));
            await Refused("binds", channel => channel.QueueBindAsync(queue, $"Billing.Contracts:{MaySend[role][0]}", ""));

            async Task Refused(string what, Func<IChannel, Task> attempt)
            {
                var code = await Try(connection, attempt);
                if (code != AccessRefused) wrong.Add($"{what} {queue}: {code}");
            }
        }
        Assert.True(wrong.Count == 0, $"{role} {string.Join(", ", wrong)}");
    }

    [Theory]
    [MemberData(nameof(Guests))]
    public async Task A_guest_makes_no_queue_or_exchange_of_its_own(string role)
    {
        await using var connection = await Connect(role);
        foreach (var name in (string[])["mine", "Billing.Contracts:Mine", "billing-mine", "", "amq.gen-mine"])
        {
            Assert.Equal(AccessRefused, await Try(connection, channel => channel.QueueDeclareAsync(name, durable: false, exclusive: true, autoDelete: true)));
            if (name != "") Assert.Equal(AccessRefused, await Try(connection, channel => channel.ExchangeDeclareAsync(name, ExchangeType.Fanout)));
        }
    }

    [Fact]
    public async Task The_service_stays_out_of_the_payment_services_queue()
    {
        await using var payments = await Connect(PaymentQueue);
        Assert.Equal(Allowed, await Try(payments, channel => channel.QueueDeclareAsync(PaymentQueue, durable: true, exclusive: false, autoDelete: false)));

        await using var service = await Connect("billing-service");
        Assert.Equal(AccessRefused, await Try(service, channel => channel.BasicGetAsync(PaymentQueue, autoAck: true)));
        Assert.Equal(AccessRefused, await Try(service, channel => channel.QueueDeleteAsync(PaymentQueue)));
    }

    [Fact]
    public async Task All_that_the_service_declared_at_its_start_bears_its_names()
    {
        var named = (await running.Broker.Exchanges()).Where(name => name.Length > 0 && !name.StartsWith("amq.", StringComparison.Ordinal));
        Assert.All(named, name => Assert.Matches("^(Billing\\.(Contracts|Sagas|Sagas\\.Doors):|MassTransit:|billing-|payment-service)", name));
        Assert.All(await running.Broker.Queues(), name => Assert.Matches("^(billing-|payment-service|amq\\.)", name));
    }

    [Fact]
    public async Task No_outage_makes_a_queue_give_up_a_message_and_a_flood_of_usage_is_refused_at_the_door()
    {
        foreach (var queue in (await running.Broker.Queues()).Where(queue => queue.StartsWith("billing-", StringComparison.Ordinal)))
        {
            var policy = await Eventually.That(async () => (await running.Broker.Queue(queue))["effective_policy_definition"], policy => policy?["delivery-limit"] is not null, $"{queue} has its policy");
            Assert.Equal(1_000_000_000, (long)policy!["delivery-limit"]!);
            Assert.Null(policy["message-ttl"]);
            Assert.Null(policy["dead-letter-exchange"]);
            var isUsage = queue is "billing-usage" or "billing-usage-batch";
            Assert.Equal(isUsage ? "reject-publish" : null, (string?)policy["overflow"]);
            Assert.Equal(isUsage, policy["max-length"] is not null);
        }
    }

    /// <summary>The exchanges that a role declares, since MassTransit does so before it sends.</summary>
    static HashSet<string> Own(string role) => [.. MaySend[role].Select(name => $"Billing.Contracts:{name}")];

    /// <summary>What the payment service needs for its own queue, and for what the service asks of it.</summary>
    static bool IsOfPaymentService(string role, string exchange) => role == PaymentQueue
        && (exchange.StartsWith(PaymentQueue, StringComparison.Ordinal) || exchange.StartsWith("MassTransit:", StringComparison.Ordinal) || ToPaymentService.Contains(exchange.Split(':')[^1]));

    async Task<IConnection> Connect(string role)
    {
        var address = role switch
        {
            "gateway" => running.Broker.AsGateway,
            "web" => running.Broker.AsWeb,
            "api-key-service" => running.Broker.AsApiKeyService,
            "payment-service" => running.Broker.AsPaymentService,
            "operator" => running.Broker.AsOperator,
            _ => running.Broker.AsService,
        };
        var connection = await new ConnectionFactory { Uri = address, AutomaticRecoveryEnabled = false }.CreateConnectionAsync();
        if (role == PaymentQueue) await Try(connection, channel => channel.QueueDeclareAsync(PaymentQueue, durable: true, exclusive: false, autoDelete: false));
        return connection;
    }

    static async Task Publish(IChannel channel, string exchange, string routingKey = "") =>
        await channel.BasicPublishAsync(exchange, routingKey, mandatory: false, new BasicProperties { ContentType = "application/json" }, "{}"u8.ToArray());

    /// <summary>The broker's code for what was attempted; a refusal ends the channel.</summary>
    static async Task<int> Try(IConnection connection, Func<IChannel, Task> attempt)
    {
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        try
        {
            await attempt(channel);
            return Allowed;
        }
        catch (OperationInterruptedException refused)
        {
            return refused.ShutdownReason!.ReplyCode;
        }
    }
}
