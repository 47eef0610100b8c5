using System.Net;
using System.Text.Json.Nodes;
using Billing.TestSupport;
using Billing.Tests.Http;

namespace Billing.Tests.Observability;

public sealed class HealthTests
{
    [Fact]
    public async Task An_embedded_service_is_alive_and_ready_and_names_what_it_looked_at()
    {
        await using var service = await RunningService.Start();

        Assert.Equal(200, (await service.Get("/health/live")).Status);
        var (_, ready) = await Eventually.That(() => service.Get("/health/ready"), answer => answer.Status == 200, "the service is ready");
        Assert.Equal(["cache", "database", "masstransit-bus", "schema"], ready!["checks"]!.AsObject().Select(check => check.Key).Order());
    }

    [Fact]
    public async Task A_broker_that_is_away_makes_the_service_not_ready_and_not_dead()
    {
        await using var service = await RunningService.Start("--BILLING_RABBITMQ=amqp://nobody:nothing@127.0.0.1:9/none");

        var (status, report) = await service.Get("/health/ready");

        Assert.Equal((503, "unhealthy"), (status, (string)report!["status"]!));
        Assert.Equal("healthy", (string)report["checks"]!["database"]!["status"]!);
        Assert.NotEqual("healthy", (string)report["checks"]!["masstransit-bus"]!["status"]!);
        Assert.NotEqual("", (string)report["checks"]!["masstransit-bus"]!["reason"]!);
        Assert.Equal(200, (await service.Get("/health/live")).Status);
        // The other door charges meanwhile.
        Assert.Equal(1, (int)(await service.Post("/v1/usage", service.Usage())).Body!["charged"]!);
    }

    [Fact]
    public async Task A_database_that_was_never_there_makes_the_service_not_ready_and_not_dead_and_its_metrics_say_so()
    {
        await using var app = await TestService.Build([
            "--urls=http://127.0.0.1:0", "--BILLING_POSTGRES=Host=127.0.0.1;Port=9;Username=nobody;Database=none;Timeout=1", "--BILLING_RABBITMQ=", "--BILLING_REDIS=",
            "--Http:RequireKeys=false", "--Serilog:MinimumLevel:Default=Fatal"]);
        using var stop = new CancellationTokenSource();
        // It starts for as long as the database is away; its door is open before.
        var starting = app.StartAsync(stop.Token);
        using var client = new HttpClient { BaseAddress = new Uri(await Eventually.That(() => Task.FromResult(app.Urls.First()), url => !url.EndsWith(":0", StringComparison.Ordinal), "it listens")) };

        using var ready = await client.GetAsync("/health/ready");
        var checks = JsonNode.Parse(await ready.Content.ReadAsStringAsync())!["checks"]!;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal(("unhealthy", "unhealthy"), ((string)checks["database"]!["status"]!, (string)checks["schema"]!["status"]!));
        Assert.Contains("does not answer", (string)checks["database"]!["reason"]!);
        using var live = await client.GetAsync("/health/live");
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.Contains("billing_health{check=\"database\"} 0\n", await client.GetStringAsync("/metrics"));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);
    }
}
