using Billing.TestSupport.Broker;

namespace Billing.IntegrationTests.Broker;

/// <summary>An address for the answer is the requester's word, and must not make the service use its rights for somebody who has them not.</summary>
[Collection(ServersCollection.Name)]
public sealed class ReplyAddressTests(ServiceOnServers running) : IClassFixture<ServiceOnServers>
{
    const string Open = "Billing.Contracts:UsageOccurred";

    [Theory]
    [InlineData("Billing.Contracts:UsageOccurred?bindexchange=billing-payment-succeeded")]
    [InlineData("Billing.Contracts:UsageOccurred?bindexchange=Billing.Contracts:CreditAccount")]
    public async Task A_request_that_wants_its_answer_anywhere_but_at_direct_reply_to_binds_nothing(string address)
    {
        var before = (await running.Broker.BoundTo(Open), running.Received.Settled);

        await running.Gateway.PublishInEnvelope(new CheckQuota { UserId = Ids.User("binder"), Service = TestCatalogue.Image }, AddressOf(address));

        await Eventually.That(() => Task.FromResult(running.Received.Settled), settled => settled > before.Settled, "the request is settled");
        Assert.Equal(before.Item1, await running.Broker.BoundTo(Open));
    }

    [Fact]
    public async Task Usage_that_wants_an_answer_anywhere_is_charged_all_the_same()
    {
        var usage = TestUsage.Of(Ids.User("asker"));

        await running.Gateway.PublishInEnvelope(usage.ToMessage(), AddressOf("Billing.Contracts:UsageOccurred?bindexchange=billing-payment-succeeded"));

        await Eventually.That(() => running.Count("select count(*) from usage_record where usage_id = $1", usage.UsageId), count => count == 1, "it is charged");
    }

    Uri AddressOf(string exchange) => new($"{running.Broker.AsGateway.GetLeftPart(UriPartial.Path).Replace("amqp:", "rabbitmq:")}/{exchange}");
}
