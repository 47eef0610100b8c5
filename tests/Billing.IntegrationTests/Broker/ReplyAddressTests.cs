using System.Text.Json;
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
    public async Task Nor_does_a_request_that_cannot_be_read()
    {
        var (bound, kept) = (await running.Broker.BoundTo(Open), await Kept());
        var envelope = JsonSerializer.SerializeToUtf8Bytes(new
        {
            requestId = Ids.WithoutTime(),
            responseAddress = AddressOf("Billing.Contracts:UsageOccurred?bindexchange=billing-payment-succeeded"),
            messageType = (string[])["urn:message:Billing.Contracts:GetAccount"],
            message = new { userId = (int[])[17] },
        });

        await running.Gateway.PublishTo("Billing.Contracts:GetAccount", "", envelope, "application/vnd.masstransit+json");

        await Eventually.That(Kept, now => now == kept + 1, "nobody can be told, so it lies where an operator sees it");
        Assert.Equal(bound, await running.Broker.BoundTo(Open));

        async Task<long> Kept() => await running.Broker.Ready("billing-get-account_error") + await running.Broker.Ready("billing-get-account_skipped");
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
