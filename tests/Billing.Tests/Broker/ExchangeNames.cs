using Billing.Service.Hosting;
using Billing.Service.Intake;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Tests.Broker;

public sealed class ExchangeNames
{
    [Fact]
    public async Task A_contract_published_in_memory_goes_to_the_exchange_its_consumer_listens_on()
    {
        await using var service = BillingHost.Build(["--urls=http://127.0.0.1:0", "--BILLING_POSTGRES=", "--BILLING_RABBITMQ=", "--BILLING_REDIS=", "--ConnectionStrings:Postgres=", "--ConnectionStrings:RabbitMq="]);
        var topology = service.Services.GetRequiredService<IBus>().Topology;

        Assert.Equal(topology.Message<IncomingUsage>().EntityName, topology.Message<UsageOccurred>().EntityName);
        Assert.Equal(topology.Message<IncomingUsageBatch>().EntityName, topology.Message<UsageBatch>().EntityName);
        Assert.Equal(topology.Message<IncomingDeduction>().EntityName, topology.Message<DeductQuota>().EntityName);
    }
}
