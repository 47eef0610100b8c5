using Billing.TestSupport.Broker;
using Billing.TestSupport.Webhooks;
using Xunit.Abstractions;

namespace Billing.IntegrationTests.Webhooks;

[Collection(ServersCollection.Name)]
public sealed class WebhooksOnServersTests(ServiceWithWebhooks running, ITestOutputHelper output) : WebhookCompliance(output), IClassFixture<ServiceWithWebhooks>
{
    protected override Task<TestService> OpenService() => Task.FromResult(running.Service);

    protected override Task CloseService() => Task.CompletedTask;

    internal static string[] ServiceSettings => Settings;

    [Fact]
    public async Task Two_instances_share_the_deliveries_and_send_none_twice()
    {
        const int Users = 150;
        await using var other = await TestService.Start(running.Postgres, running.Broker.AsService, settings: Settings);
        var receiver = await NewReceiver();
        var prefix = Ids.User("many");
        var (webhook, _) = await Subscribe(receiver, null, "account.in_debt");
        await running.Gateway.PublishPlain(new UsageBatch { Items = [.. Enumerable.Range(0, Users).Select(number => TestUsage.Of($"{prefix}.{number}").ToMessage())] });

        await receiver.Wait(Users);
        await Eventually.That(() => running.Count("select count(*) from webhook_delivery where state = 0 and webhook_id = $1", webhook), left => left == 0, "none is left");
        var told = receiver.Received.Where(received => received.Body.Contains(prefix, StringComparison.Ordinal)).ToList();
        Assert.Equal((Users, Users), (told.Count, told.Select(received => received.Id).Distinct().Count()));
    }

    [Fact]
    public async Task An_operator_sets_a_threshold_through_the_broker_once_by_its_id()
    {
        await using var @operator = await Requester.Connect(running.Broker.AsOperator);
        var request = new SetBalanceAlert { OperationId = Ids.WithTime(), UserId = Ids.User("watched"), Threshold = Money.Parse("7"), Actor = "eve", Reason = "a test" };

        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => @operator.Ask<SetBalanceAlert, BalanceAlertSetting>(request)));
        Assert.All(answers, answer => Assert.Equal((true, null, Money.Parse("7")), (answer.Applied, answer.Before, answer.After)));
        Assert.Single(answers, answer => !answer.Duplicate);
        Assert.Equal(ErrorCodes.OperationIdReused, (await @operator.Ask<SetBalanceAlert, BalanceAlertSetting>(request with { Threshold = null })).Code);
        Assert.Equal(ErrorCodes.InvalidAmount, (await @operator.Ask<SetBalanceAlert, BalanceAlertSetting>(request with { Threshold = Money.Parse("-1") })).Code);
        Assert.Equal(1, await running.Count("select count(*) from account where user_id = $1 and balance_alert_nanos = 7000000000", request.UserId));
    }
}

public sealed class ServiceWithWebhooks(Servers servers) : ServiceOnServers(servers)
{
    protected override string[] Settings => WebhooksOnServersTests.ServiceSettings;
}
