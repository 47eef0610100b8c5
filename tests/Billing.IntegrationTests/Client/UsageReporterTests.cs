using Billing.Client;
using Billing.TestSupport.Broker;

namespace Billing.IntegrationTests.Client;

/// <summary>Usage from a gateway's call to its record, over the real broker and over HTTP.</summary>
[Collection(ServersCollection.Name)]
public sealed class UsageReporterTests(ServiceOnServers running) : IClassFixture<ServiceOnServers>, IDisposable
{
    readonly Auditor _auditor = running.NewAuditor();
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("billing-reporter-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory, InlineData(UsageDurability.Buffer), InlineData(UsageDurability.Journal)]
    public Task Each_usage_reported_over_the_broker_is_charged_once(UsageDurability durability) => ReportAndCheck(running.Broker.AsGateway, durability);

    [Theory, InlineData(UsageDurability.Buffer), InlineData(UsageDurability.Journal)]
    public Task Each_usage_reported_over_HTTP_is_charged_once(UsageDurability durability) => ReportAndCheck(running.Service.Http.BaseAddress!, durability);

    [Fact]
    public async Task What_the_service_rejects_over_HTTP_is_known_and_its_neighbours_are_charged()
    {
        var good = _auditor.Charged(TestUsage.Of(Ids.User("ann")));
        var bad = TestUsage.Of(good.UserId, "no-such-service");
        await using (var gateway = await ReportingGateway.Start(running.Service.Http.BaseAddress!, _folder.FullName))
        {
            Assert.True(gateway.Report(good));
            Assert.True(gateway.Report(bad));
            await gateway.Confirmed(2);
            Assert.Contains(gateway.Log.Lines, line => line.Contains(ErrorCodes.UnknownService) && line.Contains(bad.UsageId.ToString()));
        }

        Assert.Empty(Directory.GetFiles(_folder.FullName, "*.usages"));
        _auditor.Rejected(bad.UsageId.ToString(), ErrorCodes.UnknownService);
        await _auditor.Check();
    }

    [Fact]
    public async Task A_gateway_that_is_not_let_in_keeps_its_usage_until_it_is()
    {
        var usage = _auditor.Charged(TestUsage.Of(Ids.User("ann")));
        await using (var stranger = await ReportingGateway.Start(running.Broker.AsWeb, _folder.FullName))
        {
            Assert.True(stranger.Report(usage));
            await Eventually.That(() => Task.FromResult(stranger.Log.Lines.Count(line => line.StartsWith("Error", StringComparison.Ordinal))), errors => errors == 1, "the log asks for help");
        }
        Assert.Single(Directory.GetFiles(_folder.FullName, "*.usages"));

        await using var gateway = await ReportingGateway.Start(running.Broker.AsGateway, _folder.FullName);
        await gateway.Confirmed(1);
        await running.WaitUntilCharged(usage);
        await _auditor.Check();
    }

    [Fact]
    public async Task Before_the_service_has_ever_started_usage_waits_for_its_queue()
    {
        await using var database = await PostgresTestDatabase.Create(running.Servers);
        await using var vhost = await BrokerVhost.Create(running.Servers);
        var usage = TestUsage.Of(Ids.User("early"));
        await using var gateway = await ReportingGateway.Start(vhost.AsGateway, _folder.FullName);
        Assert.True(gateway.Report(usage));
        await Eventually.That(() => Task.FromResult(gateway.Log.Lines.Count(line => line.StartsWith("Warning", StringComparison.Ordinal))), warnings => warnings == 1, "the log says that it waits");

        await using var service = await TestService.Start(database.ConnectionString, vhost.AsService);
        await gateway.Confirmed(1);
        await using var source = database.DataSource();
        await Eventually.That(async () =>
        {
            await using var command = source.CreateCommand("select count(*) from ledger.usage_record");
            return (long)(await command.ExecuteScalarAsync())!;
        }, charged => charged == 1, "it is charged");
    }

    async Task ReportAndCheck(Uri address, UsageDurability durability)
    {
        const int Count = 3_000;
        var users = Enumerable.Range(0, 20).Select(_ => Ids.User("reported")).ToArray();
        var usages = Enumerable.Range(0, Count).Select(i => _auditor.Charged(TestUsage.Of(users[i % users.Length], i % 3 == 0 ? TestCatalogue.Image : TestCatalogue.Search, 1 + i % 4))).ToArray();
        await using (var gateway = await ReportingGateway.Start(address, _folder.FullName, durability))
        {
            foreach (var usage in usages) Assert.True(gateway.Report(usage));
            await gateway.Confirmed(Count);
        }

        Assert.Empty(Directory.GetFiles(_folder.FullName, "*.usages"));
        await running.WaitUntilCharged(usages);
        await _auditor.Check();
    }
}
