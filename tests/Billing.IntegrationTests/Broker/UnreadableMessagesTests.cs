using System.Text;
using Billing.TestSupport.Broker;

namespace Billing.IntegrationTests.Broker;

/// <summary>A body that cannot even be read lies where an operator sees it, with its reason; the endpoint goes on.</summary>
[Collection(ServersCollection.Name)]
public sealed class UnreadableMessagesTests(ServiceOnServers running) : IClassFixture<ServiceOnServers>
{
    [Theory]
    [InlineData("this is not JSON")]
    [InlineData("{\"noItems\":1}")]
    [InlineData("")]
    public async Task It_goes_to_the_error_queue_with_body_and_reason_and_the_next_message_is_charged(string body)
    {
        var auditor = running.NewAuditor();
        await running.Gateway.Publish<UsageBatch>(Encoding.UTF8.GetBytes(body), "application/json");

        await using var administrator = await Publisher.Connect(running.Broker.AsAdministrator);
        // Not asked for before: a queue that has just been made and has no leader yet would end the channel.
        await Eventually.That(() => running.Broker.Ready("billing-usage-batch_error"), messages => messages > 0, "the message lies there");
        var error = await administrator.Channel.BasicGetAsync("billing-usage-batch_error", autoAck: true);
        Assert.Equal(body, Encoding.UTF8.GetString(error!.Body.Span));
        Assert.NotEmpty((byte[])error.BasicProperties.Headers!["MT-Fault-Message"]!);

        var next = auditor.Charged(TestUsage.Of(Ids.User("next")));
        await running.Gateway.PublishPlain(new UsageBatch { Items = [next.ToMessage()] });
        await running.WaitUntilCharged(next);
        await auditor.Check();
    }
}
