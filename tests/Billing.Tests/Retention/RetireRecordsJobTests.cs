using Billing.Service.Charging;
using Billing.Service.Ledger;
using Billing.TestSupport;
using Billing.TestSupport.Ledger;
using Billing.Tests.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Tests.Retention;

/// <summary>When the job retires records, and when it refuses to.</summary>
public sealed class RetireRecordsJobTests
{
    const string Keep = "--Retention:RecordsKeepMonths=3";

    [Fact]
    public async Task Records_are_kept_for_ever_unless_it_is_said_how_long()
    {
        await using var service = await RunningService.Start();
        await ChargeLongAgo(service);
        await Run(service, "audit");

        Assert.Equal(("done", "all records are kept: Retention__RecordsKeepMonths is not set"), await Run(service, "retire-records"));

        Assert.Equal("by hand", (string)(await service.Get("/v1/jobs/retire-records")).Body!["when"]!);
        Assert.Single((await service.Get("/v1/accounts/ann/records")).Body!["items"]!.AsArray());
    }

    [Fact]
    public async Task Nothing_is_retired_before_an_audit_holds()
    {
        await using var service = await RunningService.Start(Keep);
        await ChargeLongAgo(service);
        Assert.Equal("failed", (await Run(service, "retire-records")).Result);

        await Execute(service, "update account set balance_nanos = balance_nanos + 1");
        await Run(service, "audit");
        Assert.Equal(("failed", "The last audit does not hold: nothing is retired until one does."), await Run(service, "retire-records"));

        await Execute(service, "update account set balance_nanos = balance_nanos - 1");
        await Run(service, "audit");
        await Execute(service, "update audit_run set audited_at = audited_at - 8 * 86400000000");
        Assert.Contains("No audit of the last 7 days", (await Run(service, "retire-records")).Detail);
        Assert.Single((await service.Get("/v1/accounts/ann/records")).Body!["items"]!.AsArray());

        await Run(service, "audit");
        Assert.Equal(("done", "1 records carried forward, 0 empty days dropped"), await Run(service, "retire-records"));
        var page = (await service.Get("/v1/accounts/ann/records")).Body!;
        Assert.Empty(page["items"]!.AsArray());
        Assert.Equal((1, "0.006"), ((int)page["carriedForward"]!["usages"]!, (string)page["carriedForward"]!["amount"]!));
        Assert.Equal("0 50 4 * * ?", (string)(await service.Get("/v1/jobs/retire-records")).Body!["when"]!);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(0)]
    [InlineData(1_201)]
    public async Task Keeping_less_than_late_usage_and_reversals_need_is_refused_at_the_start(int months)
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => RunningService.Start($"--Retention:RecordsKeepMonths={months}"));
        Assert.Contains("set 3 to 1200", refused.Message);
    }

    static async Task ChargeLongAgo(RunningService service)
    {
        var then = service.Now.AddDays(-200);
        var usage = TestUsage.Of("ann", "search", 3) with { UsageId = Ids.WithTime(then), OccurredAt = then };
        var store = new PastLedgerStore(service.Services.GetRequiredService<ILedgerStore>(), then);
        var outcomes = await new LedgerWriter(store, service.Services.GetRequiredService<IRules>()).Apply([usage.ToCharge()], default);
        Assert.IsType<Charged>(outcomes[0]);
    }

    static async Task<(string Result, string? Detail)> Run(RunningService service, string job)
    {
        var (status, begun) = await service.Post($"/v1/jobs/{job}/run", new { });
        Assert.Equal(202, status);
        var last = await Eventually.That(async () => (await service.Get($"/v1/jobs/{job}")).Body!["last"]!,
            last => (string)last["runId"]! == (string)begun!["runId"]! && last["result"] is not null, $"{job} has ended");
        return ((string)last["result"]!, (string?)last["detail"]);
    }

    static async Task Execute(RunningService service, string sql)
    {
        var database = service.Services.GetRequiredService<IDatabase>();
        await using var connection = await database.Open(default);
        await using var command = database.Statement(connection, sql);
        Assert.NotEqual(0, await command.ExecuteNonQueryAsync());
    }
}
