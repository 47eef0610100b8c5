using Billing.Service.Catalogues;
using Billing.Service.Charging;
using Billing.TestSupport.Broker;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.IntegrationTests.Broker;

/// <summary>What operators and the gateway do through the broker, each as its own user with direct reply-to.</summary>
[Collection(ServersCollection.Name)]
public sealed class OperatorRequestTests(ServiceOnServers running) : IClassFixture<ServiceOnServers>, IAsyncLifetime
{
    readonly Auditor _auditor = running.NewAuditor();
    Requester _operator = null!;

    public async Task InitializeAsync() => _operator = await Requester.Connect(running.Broker.AsOperator);

    public async Task DisposeAsync()
    {
        await _operator.DisposeAsync();
        await _auditor.Check();
    }

    [Fact]
    public async Task The_gateway_gives_a_usage_back_and_an_operator_sees_who_did_it()
    {
        var usage = _auditor.Charged(TestUsage.Of(Ids.User("reversed"), TestCatalogue.Image, 7));
        await running.Gateway.PublishPlain(usage.ToMessage());
        await running.WaitUntilCharged(usage);
        var request = new ReverseUsage { UsageId = usage.UsageId, UserId = usage.UserId, Actor = "gateway-1", Reason = "the call failed" };
        _auditor.Reversed(usage);

        var first = await running.Requests.Ask<ReverseUsage, UsageReversal>(request);
        var again = await _operator.Ask<ReverseUsage, UsageReversal>(request with { Actor = "eve" });
        Assert.Equal((true, false, Money.Parse("0.08"), 5, Money.Zero), (first.Reversed, first.Duplicate, first.Amount, first.FreeUnits, first.Balance));
        Assert.Equal((true, true, Money.Parse("0.08"), 5), (again.Reversed, again.Duplicate, again.Amount, again.FreeUnits));

        var act = Assert.Single((await _operator.Ask<ListOperatorActs, OperatorActPage>(new ListOperatorActs { UserId = usage.UserId })).Items);
        Assert.Equal(("reverse_usage", usage.UsageId, "gateway-1", "the call failed"), (act.Kind, act.OperationId, act.Actor, act.Reason));
    }

    [Fact]
    public async Task An_operator_sets_an_overdraft_limit_once_by_its_id()
    {
        var request = new SetOverdraft { OperationId = Ids.WithTime(), UserId = Ids.User("overdraft"), Limit = Money.Parse("5"), Actor = "eve", Reason = "a test" };

        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => _operator.Ask<SetOverdraft, OverdraftLimit>(request)));
        Assert.All(answers, answer => Assert.Equal((true, Money.Zero, Money.Parse("5"), Money.Parse("5")), (answer.Applied, answer.Before, answer.After, answer.Available)));
        Assert.Single(answers, answer => !answer.Duplicate);
        Assert.Equal(ErrorCodes.OperationIdReused, (await _operator.Ask<SetOverdraft, OverdraftLimit>(request with { Limit = Money.Zero })).Code);
        Assert.Equal(ErrorCodes.InvalidAmount, (await _operator.Ask<SetOverdraft, OverdraftLimit>(request with { Limit = null })).Code);
        Assert.Equal(1, await running.Count("select count(*) from account where user_id = $1 and overdraft_limit_nanos = 5000000000", request.UserId));
    }

    [Fact]
    public async Task An_operator_finds_rejected_usage_and_has_it_charged_once_its_service_is_on_sale()
    {
        var (user, service) = (Ids.User("retried"), Ids.User("service"));
        var usages = Enumerable.Range(0, 4).Select(number => TestUsage.Of(user, service, number + 1) with { UsageId = number % 2 == 0 ? Ids.WithTime() : Ids.WithoutTime() }).ToArray();
        await running.Gateway.PublishPlain(new UsageBatch { Items = [.. usages.Select(usage => usage.ToMessage())] });
        await Eventually.That(() => _operator.Ask<ListRejectedUsage, RejectedUsagePage>(new ListRejectedUsage { Reason = ErrorCodes.UnknownService, UserId = user }),
            page => page.Items.Count == usages.Length && page.Items.All(item => item.ChargedAt is null && item.OccurredAt is not null), "the usages stand as rejected");
        await PutOnSale(service);

        var retry = new RetryRejected { OperationId = Ids.WithTime(), RejectedFor = ErrorCodes.UnknownService, UserId = user, Actor = "eve", Reason = "on sale now" };
        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => _operator.Ask<RetryRejected, RejectedRetry>(retry)));
        Assert.All(answers, answer => Assert.True(answer.Done && answer.Tried == answers[0].Tried, answer.Detail));
        Assert.Equal(4, await running.Count("select count(*) from usage_record r join account a using (account_id) where a.user_id = $1", user));
        Assert.Equal(4, await running.Count("select count(*) from operator_act o join account a using (account_id) where a.user_id = $1 and o.kind = 'charge_rejected'", user));

        var counts = await _operator.Ask<CountRejectedUsage, RejectedUsageCounts>(new CountRejectedUsage { UserId = user });
        Assert.Equal((ErrorCodes.UnknownService, 4, 0), Assert.Single(counts.Items.Select(count => (count.Reason, count.Rejected, count.Open))));
        Assert.All((await _operator.Ask<ListRejectedUsage, RejectedUsagePage>(new ListRejectedUsage { UserId = user, Resolved = true })).Items,
            item => Assert.True(item.ChargedAt > item.RejectedAt && item.RetryOutcome is "charged" or "duplicate"));
    }

    async Task PutOnSale(string service)
    {
        await running.Count("with added as (insert into service (service_id, name, priced_by) select max(service_id) + 1, $1, 1 from service returning service_id) select service_id::bigint from added", service);
        await running.Count("with added as (insert into price (service_id, version, amount_nanos, per_units, effective_from) select service_id, 1, 3000000, 1, '2000-01-01' from service where name = $1 returning version) select version::bigint from added", service);
        var rules = running.Service.Services.GetRequiredService<Rules>();
        rules.Use(rules.Current with { Catalogue = await running.Service.Services.GetRequiredService<CatalogueStore>().Load(default) }, rules.Currency);
    }
}
