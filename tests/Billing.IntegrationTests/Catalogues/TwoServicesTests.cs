using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Billing.Service.Catalogues;
using Billing.Service.Charging;
using Billing.TestSupport.Broker;
using Billing.TestSupport.Ledger;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.IntegrationTests.Catalogues;

/// <summary>Two instances of the service on one database and one broker: what one is told of the catalogue, the other charges by.</summary>
[Collection(ServersCollection.Name)]
public sealed class TwoServicesTests(ServiceOnServers running) : IClassFixture<ServiceOnServers>, IAsyncLifetime
{
    TestService _other = null!;
    Requester _operator = null!;

    public async Task InitializeAsync()
    {
        _other = await TestService.Start(running.Postgres, running.Broker.AsService);
        _operator = await Requester.Connect(running.Broker.AsOperator);
    }

    public async Task DisposeAsync()
    {
        await _operator.DisposeAsync();
        await _other.DisposeAsync();
        await running.NewAuditor().Check();
    }

    [Fact]
    public async Task A_service_registered_through_one_is_charged_checked_and_shown_by_the_other_at_once()
    {
        for (var round = 0; round < 10; round++)
        {
            var name = NewName();
            var (told, asked) = round % 2 == 0 ? (running.Service, _other) : (_other, running.Service);
            // What nobody knows yet is known to the other as unknown.
            Assert.Equal(ErrorCodes.UnknownService, (string?)(await Charge(asked, name))["code"]);
            using (var registered = await told.Http.PutAsJsonAsync($"/v1/services/{name}", Registration(name)))
                Assert.True(registered.IsSuccessStatusCode, await registered.Content.ReadAsStringAsync());

            switch (round % 3)
            {
                case 0: Assert.Equal("charged", (string?)(await Charge(asked, name))["status"]); break;
                case 1: Assert.True((bool)(await asked.Http.GetFromJsonAsync<JsonNode>($"/v1/accounts/nobody/quota?service={name}&quantity=3"))!["allowed"]!); break;
                case 2: Assert.Equal("0.50", (string?)(await asked.Http.GetFromJsonAsync<JsonNode>($"/v1/services/{name}"))!["price"]!["amount"]); break;
            }
            Assert.Equal("charged", (string?)(await Charge(asked, name))["status"]);
        }
    }

    [Fact]
    public async Task A_changed_price_is_charged_from_its_effective_time_on_by_both()
    {
        var name = NewName();
        Assert.True((await _operator.Ask<RegisterService, ServiceRegistration>(Registration(name) with { FreeUnits = 0 })).Registered);
        // By the catalogue's own transaction, which has no regard to the 60 seconds: the test has not so much time.
        var from = EffectiveTimes.CutToMicroseconds(TimeProvider.System.GetUtcNow().AddSeconds(3));
        await using (var transaction = await _other.Services.GetRequiredService<CatalogueStore>().Begin(default))
        {
            await transaction.AddPrice(transaction.Catalogue.Find(name)!, new PriceVersion(2, new UnitPrice(Money.Parse("0.75"), 1), from), default);
            await transaction.Commit(default);
        }

        TestService[] both = [running.Service, _other];
        foreach (var service in both) Assert.Equal("0.50", (string?)(await Charge(service, name))["amount"]);
        await Eventually.That(() => Task.FromResult(TimeProvider.System.GetUtcNow()), now => now > from.AddMilliseconds(200), "the price has begun");
        foreach (var service in both)
        {
            Assert.Equal("0.75", (string?)(await Charge(service, name))["amount"]);
            Assert.Equal("0.75", (string?)(await Charge(service, name, from))["amount"]);
            Assert.Equal("0.50", (string?)(await Charge(service, name, from.AddMicroseconds(-1)))["amount"]);
        }
        Assert.Equal(4, await running.Count("select count(*) from usage_record r join service s on s.service_id = r.service_id where s.name = $1 and r.price_version = 2", name));
    }

    [Fact]
    public async Task Who_asks_by_the_broker_is_answered_as_over_HTTP()
    {
        var registration = Registration(NewName());
        Assert.True((await _operator.Ask<RegisterService, ServiceRegistration>(registration)).Registered);
        Assert.True((await _operator.Ask<RegisterService, ServiceRegistration>(registration)).Duplicate);
        var price = await _operator.Ask<ChangePrice, PriceChange>(new ChangePrice
        {
            OperationId = Ids.WithTime(), Service = registration.Service, Amount = Money.Parse("2"), PerUnits = 1_000, EffectiveFrom = new(2900, 1, 1, 0, 0, 0, TimeSpan.FromHours(8)), Actor = "eve", Reason = "a test",
        });
        Assert.Equal((true, 2L, new DateTimeOffset(2899, 12, 31, 16, 0, 0, TimeSpan.Zero)), (price.Changed, price.Price!.Version, price.Price.EffectiveFrom));
        var quota = await _operator.Ask<ChangeFreeQuota, FreeQuotaChange>(new ChangeFreeQuota { OperationId = Ids.WithTime(), Service = registration.Service, FreeUnits = 0, Actor = "eve", Reason = "a test" });
        Assert.Equal((true, 0L), (quota.Changed, quota.FreeQuota!.FreeUnits));
        Assert.Equal(ErrorCodes.InvalidActor, (await _operator.Ask<ChangeFreeQuota, FreeQuotaChange>(new ChangeFreeQuota { OperationId = Ids.WithTime(), Service = registration.Service, FreeUnits = 0, Actor = "", Reason = "a test" })).Code);

        await using var web = await Requester.Connect(running.Broker.AsWeb);
        foreach (var asker in (Requester[])[running.Requests, web, _operator])
        {
            var shown = await asker.Ask<GetService, ServiceStatus>(new GetService { Service = registration.Service });
            Assert.Equal((Money.Parse("0.5"), 2L, 3L), (shown.Price!.Amount, Assert.Single(shown.PricesToCome).Version, shown.FreeQuota!.FreeUnits));
            Assert.Contains((await asker.Ask<GetCatalogue, CatalogueStatus>(new GetCatalogue())).Services, service => service.Service == registration.Service);
        }
    }

    [Fact]
    public async Task What_one_was_told_the_other_sees_by_itself_though_nobody_asks_it()
    {
        var name = NewName();
        Assert.True((await _operator.Ask<RegisterService, ServiceRegistration>(Registration(name))).Registered);
        foreach (var service in (TestService[])[running.Service, _other])
            await Eventually.That(() => Task.FromResult(service.Services.GetRequiredService<Rules>().Current.Catalogue.Find(name)), offer => offer is not null, "the catalogue in memory has the service");
    }

    static string NewName() => $"service-{Ids.WithTime():N}";

    static RegisterService Registration(string name) => new()
    {
        OperationId = Ids.WithTime(),
        Service = name,
        PricedBy = "catalogue",
        Price = new UnitAmount { Amount = Money.Parse("0.5") },
        FreeUnits = 3,
        Actor = "eve",
        Reason = "a test",
    };

    static async Task<JsonNode> Charge(TestService service, string name, DateTimeOffset? at = null)
    {
        var usage = TestUsage.Of(Ids.User("two"), name);
        using var answer = await service.Http.PostAsJsonAsync("/v1/usage", (usage with { OccurredAt = at ?? usage.OccurredAt }).ToMessage());
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!["items"]![0]!;
    }
}
