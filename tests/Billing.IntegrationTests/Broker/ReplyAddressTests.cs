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
    public async Task A_request_that_wants_its_answer_anywhere_but_at_direct_reply_to_is_dropped(string address)
    {
        var before = (await running.Broker.BoundTo(Open), running.Received.Settled);

        await running.Gateway.PublishInEnvelope(
            new CheckQuota { UserId = Ids.User("binder"), Service = TestCatalogue.Image }, new Uri($"{running.Broker.AsGateway.GetLeftPart(UriPartial.Path).Replace("amqp:", "rabbitmq:")}/{address}"));

        await Eventually.That(() => Task.FromResult(running.Received.Settled), settled => settled > before.Settled, "the request is settled");
        Assert.Equal(before.Item1, await running.Broker.BoundTo(Open));
    }
}
