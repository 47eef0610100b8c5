using System.Net.Http.Json;
using Billing.Service.Alerts;
using Billing.Service.Jobs;
using Billing.Service.Ledger;
using Billing.Service.Quota.Caching;
using Billing.Service.Quota.Caching.Checking;
using Billing.TestSupport;
using Billing.TestSupport.Webhooks;
using Billing.Tests.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Tests.Webhooks;

/// <summary>What operators are told, from where it is found to their receiver's door.</summary>
public sealed class OperatorAlertTests : IAsyncLifetime
{
    RunningService _service = null!;
    TestReceiver _receiver = null!;

    public async Task InitializeAsync()
    {
        _service = await RunningService.Start("--Webhooks:AllowPrivateNetworks=true");
        _receiver = await TestReceiver.Start();
        await _service.Post("/v1/webhooks", new { operationId = Ids.WithTime(), url = _receiver.Url, events = new[] { "audit.failed", "cache.drift_found", "recharge.needs_review" }, actor = "eve", reason = "a test" });
    }

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task The_nightly_audit_tells_what_does_not_hold_and_keeps_its_result()
    {
        await _service.Adjust("ann", "1");
        await Damage(by: 1);

        await Audit();
        // The balance is neither what its movements add up to nor what the last of them says.
        Assert.Equal(2, await Raised());
        Assert.All(await _receiver.Wait(2), received => Assert.Equal(("audit.failed", 1), (received.Type, (long)received.Data["violations"]!)));
        var told = _receiver.Received.Single(received => (string)received.Data["invariant"]! == "conservation");
        Assert.Contains("ann", (string)told.Data["example"]!);

        await Damage(by: -1);
        await Audit();
        Assert.Equal(0, await Raised());
        await Damage(by: 1);
        await Audit();
        Assert.Equal(2, (await _receiver.Wait(4)).Count(received => (string)received.Data["invariant"]! == "conservation"));
        Assert.Equal(2, await Count("select count(*) from audit_run where holds = 0 and violations = 2 and report like '%ann%'"));
        Assert.Equal(1, await Count("select count(*) from audit_run where holds = 1 and violations = 0"));
    }

    [Fact]
    public async Task Drift_is_told_for_each_cause_until_a_comparison_of_all_entries_finds_none()
    {
        var alerts = _service.Services.GetRequiredService<DriftAlerts>();
        var found = new CacheComparison(9, [new Drift("ann", DriftCause.LostWrite, "version 1, in the database 2"), new Drift("bob", DriftCause.LostWrite, "also"), new Drift("cy", DriftCause.Corruption, "other")], Next: 0);
        var clean = new CacheComparison(9, [], Next: 0);

        await alerts.Tell(found, ofAll: true, default);
        await alerts.Tell(clean, ofAll: false, default);
        await alerts.Tell(found, ofAll: true, default);
        var told = (await _receiver.Wait(2)).OrderBy(received => (string)received.Data["cause"]!).ToList();
        Assert.Equal([("corruption", 1, "cy"), ("lost_write", 2, "ann")], told.Select(received => ((string)received.Data["cause"]!, (long)received.Data["entries"]!, (string)received.Data["userId"]!)));

        await alerts.Tell(clean, ofAll: true, default);
        await alerts.Tell(found, ofAll: true, default);
        Assert.Equal(4, (await _receiver.Wait(4)).Count);
    }

    [Fact]
    public async Task A_recharge_that_needs_review_is_told()
    {
        using var order = new HttpRequestMessage(HttpMethod.Post, "/v1/accounts/ann/recharges") { Content = JsonContent.Create(new { amount = "10.00", channel = "card" }) };
        order.Headers.Add("Idempotency-Key", "one");
        var ordering = _service.Client.SendAsync(order);
        var orders = await Eventually.That(async () => (await _service.Get("/v1/payments/orders")).Body!["items"]!.AsArray(), items => items.Count > 0, "it is ordered");
        await _service.Client.PostAsJsonAsync("/v1/payments/succeeded", new { rechargeId = (string)orders[0]!["rechargeId"]!, paymentId = "p-1", amount = "9.00", currency = "USD" });

        var told = Assert.Single(await _receiver.Wait(1));
        Assert.Equal(("recharge.needs_review", "ann", "10.00", "9.00"), (told.Type, (string)told.Data["userId"]!, (string)told.Data["ordered"]!, (string)told.Data["paid"]!));
        (await ordering).Dispose();
    }

    Task<JobResult> Audit() => ActivatorUtilities.CreateInstance<AuditJob>(_service.Services).Run(default);

    Task Damage(int by) => Execute("update account set balance_nanos = balance_nanos + $1 where user_id = 'ann'", by);

    Task<long> Raised() => Count("select count(*) from operator_alert");

    async Task<long> Count(string sql)
    {
        var database = _service.Services.GetRequiredService<IDatabase>();
        await using var connection = await database.Open(default);
        await using var command = database.Statement(connection, sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    async Task Execute(string sql, params object?[] parameters)
    {
        var database = _service.Services.GetRequiredService<IDatabase>();
        await using var connection = await database.Open(default);
        await using var command = database.Statement(connection, sql, parameters);
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }
}
