using System.Text;
using Billing.TestSupport.Broker;
using RabbitMQ.Client.Exceptions;

namespace Billing.IntegrationTests.Broker;

/// <summary>What the broker itself refuses to the gateway's user, and what the queues are.</summary>
[Collection(ServersCollection.Name)]
public sealed class RightsTests(ServiceOnServers running) : IClassFixture<ServiceOnServers>
{
    const int AccessRefused = 403;

    [Theory]
    [InlineData("Billing.Contracts:AdjustBalance", "")]
    [InlineData("Billing.Contracts:SetOverdraft", "")]
    [InlineData("Billing.Contracts:RetryRejected", "")]
    [InlineData("Billing.Contracts:ListRejectedUsage", "")]
    [InlineData("Billing.Contracts:ListOperatorActs", "")]
    [InlineData("billing-reverse-usage", "")]
    [InlineData("Billing.Contracts:InitializeAccount", "")]
    [InlineData("Billing.Contracts:CreditAccount", "")]
    [InlineData("Billing.Contracts:RefundCredit", "")]
    [InlineData("Billing.Contracts:AccountCredited", "")]
    [InlineData("Billing.Contracts:ListRecords", "")]
    [InlineData("Billing.Contracts:GetStatistics", "")]
    [InlineData("Billing.Contracts:RegisterService", "")]
    [InlineData("Billing.Contracts:ChangePrice", "")]
    [InlineData("Billing.Contracts:ChangeFreeQuota", "")]
    [InlineData("billing-change-price", "")]
    [InlineData("", "billing-change-price")]
    [InlineData("billing-list-records", "")]
    [InlineData("billing-usage", "")]
    [InlineData("billing-adjust-balance", "")]
    [InlineData("", "billing-usage")]
    [InlineData("", "billing-adjust-balance")]
    [InlineData("", "billing-credit-account")]
    public async Task The_gateway_cannot_publish_what_it_must_not_nor_reach_a_queue_directly(string exchange, string routingKey)
    {
        await using var gateway = await Publisher.Connect(running.Broker.AsGateway);
        await Refused(() => gateway.PublishTo(exchange, routingKey, Encoding.UTF8.GetBytes("{}")));
    }

    [Fact]
    public async Task The_gateway_cannot_read_declare_or_bind_queues()
    {
        await Refused(gateway => gateway.Channel.BasicGetAsync("billing-usage", autoAck: true));
        await Refused(gateway => gateway.Channel.QueuePurgeAsync("billing-usage"));
        await Refused(gateway => gateway.Channel.QueueDeclareAsync("a-queue-of-its-own", durable: true, exclusive: false, autoDelete: false));
        await Refused(gateway => gateway.Channel.QueueBindAsync("billing-adjust-balance", "Billing.Contracts:UsageOccurred", ""));
        await Refused(gateway => gateway.Channel.ExchangeBindAsync("billing-adjust-balance", "Billing.Contracts:UsageOccurred", ""));
    }

    [Theory]
    [InlineData("Billing.Contracts:UsageOccurred", "")]
    [InlineData("Billing.Contracts:DeductQuota", "")]
    [InlineData("Billing.Contracts:ReserveQuota", "")]
    [InlineData("Billing.Contracts:AdjustBalance", "")]
    [InlineData("Billing.Contracts:RegisterService", "")]
    [InlineData("Billing.Contracts:ChangePrice", "")]
    [InlineData("Billing.Contracts:ChangeFreeQuota", "")]
    [InlineData("Billing.Contracts:ReverseUsage", "")]
    [InlineData("Billing.Contracts:SetOverdraft", "")]
    [InlineData("Billing.Contracts:RetryRejected", "")]
    [InlineData("Billing.Contracts:ListRejectedUsage", "")]
    [InlineData("Billing.Contracts:CountRejectedUsage", "")]
    [InlineData("Billing.Contracts:ListOperatorActs", "")]
    [InlineData("billing-get-statistics", "")]
    [InlineData("", "billing-list-records")]
    public async Task Web_pages_can_only_ask(string exchange, string routingKey)
    {
        await using var web = await Publisher.Connect(running.Broker.AsWeb);
        await Refused(() => web.PublishTo(exchange, routingKey, Encoding.UTF8.GetBytes("{}")));
    }

    [Fact]
    public async Task The_service_cannot_forge_usage()
    {
        await using var service = await Publisher.Connect(running.Broker.AsService);
        await Refused(() => service.PublishPlain(TestUsage.Of(Ids.User("forged")).ToMessage()));
    }

    [Theory]
    [InlineData("billing-usage", 2_000)]
    [InlineData("billing-usage-batch", 32)]
    [InlineData("billing-deduct-quota", 512)]
    [InlineData("billing-check-quota", 512)]
    [InlineData("billing-reserve-quota", 512)]
    [InlineData("billing-extend-reservation", 512)]
    [InlineData("billing-release-quota", 512)]
    [InlineData("billing-initialize-account", 512)]
    [InlineData("billing-get-account", 512)]
    [InlineData("billing-adjust-balance", 512)]
    [InlineData("billing-credit-account", 512)]
    [InlineData("billing-refund-credit", 512)]
    [InlineData("billing-check-quotas", 512)]
    [InlineData("billing-get-accounts", 512)]
    [InlineData("billing-list-records", 512)]
    [InlineData("billing-list-ledger", 512)]
    [InlineData("billing-get-statistics", 512)]
    [InlineData("billing-register-service", 512)]
    [InlineData("billing-change-price", 512)]
    [InlineData("billing-change-free-quota", 512)]
    [InlineData("billing-get-catalogue", 512)]
    [InlineData("billing-get-service", 512)]
    [InlineData("billing-reverse-usage", 512)]
    [InlineData("billing-set-overdraft", 512)]
    [InlineData("billing-list-rejected-usage", 512)]
    [InlineData("billing-count-rejected-usage", 512)]
    [InlineData("billing-retry-rejected", 512)]
    [InlineData("billing-list-operator-acts", 512)]
    public async Task Queues_are_durable_quorum_queues_with_the_prefetch_as_configured(string queue, int prefetch)
    {
        var (kind, durable, taken) = await Eventually.That(async () =>
        {
            var told = await running.Broker.Queue(queue);
            return ((string?)told["type"], (bool?)told["durable"], (int?)told["consumer_details"]?.AsArray().FirstOrDefault()?["prefetch_count"]);
        }, told => told.Item3 is not null, "the queue has its consumer");
        Assert.Equal(("quorum", true, prefetch), (kind, durable, taken));
    }

    async Task Refused(Func<Publisher, Task> attempt)
    {
        await using var gateway = await Publisher.Connect(running.Broker.AsGateway);
        await Refused(() => attempt(gateway));
    }

    static async Task Refused(Func<Task> attempt)
    {
        var refused = await Assert.ThrowsAnyAsync<OperationInterruptedException>(attempt);
        Assert.Equal(AccessRefused, refused.ShutdownReason!.ReplyCode);
    }
}
