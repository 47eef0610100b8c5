using Billing.Service.Observability;
using Billing.TestSupport;
using Billing.Tests.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Tests.Observability;

public sealed class MetricsTests
{
    [Fact]
    public async Task Usages_are_counted_by_what_became_of_them()
    {
        await using var service = await RunningService.Start();
        Assert.Equal(0, await service.Metric("billing_usage_charged_total"));
        var usage = service.Usage();

        await service.Post("/v1/usage", new[] { usage, service.Usage(), service.Usage("no-such-service") });
        await service.Post("/v1/usage", usage);

        Assert.Equal(4, await service.Metric("billing_usage_received_total"));
        Assert.Equal(2, await service.Metric("billing_usage_charged_total"));
        Assert.Equal(1, await service.Metric("billing_usage_duplicates_total"));
        Assert.Equal(1, await service.Metric("billing_usage_rejected_total{code=\"unknown_service\"}"));
        Assert.True(await service.Metric("billing_batch_size_count{urgency=\"bulk\"}") + await service.Metric("billing_batch_size_count{urgency=\"interactive\"}") is not 0);
    }

    [Fact]
    public async Task Two_services_in_one_process_count_for_themselves()
    {
        await using var first = await RunningService.Start();
        await using var second = await RunningService.Start();

        await first.Post("/v1/usage", first.Usage());

        Assert.Equal((1, 0), (await first.Metric("billing_usage_charged_total"), await second.Metric("billing_usage_charged_total")));
    }

    [Fact]
    public async Task No_user_and_no_id_is_ever_a_label()
    {
        await using var service = await RunningService.Start();
        var usage = service.Usage("no-such-service", user: "very-private");

        await service.Post("/v1/usage", usage);
        await service.Get("/v1/accounts/very-private");
        await service.Get("/v1/accounts/very-private/quota?service=search");

        var text = await service.Text();
        Assert.Contains("http_server_request_duration_seconds_bucket{", text);
        Assert.Contains("dotnet_gc_collections_total{", text);
        Assert.DoesNotContain("very-private", text);
        Assert.DoesNotContain("no-such-service", text);
        Assert.DoesNotContain(usage.UsageId.ToString(), text);
    }

    [Fact]
    public async Task How_things_stand_is_read_from_the_database()
    {
        await using var service = await RunningService.Start();
        await service.Adjust("ann", "1");
        await service.Post("/v1/usage", service.Usage("no-such-service"));
        await service.Post("/v1/accounts/ann/reservations", new { reservationId = Guid.CreateVersion7(service.Now), service = "ocr", quantity = 5 });

        Assert.Equal(1, await service.Metric("billing_rejected_usage_open"));
        Assert.Equal(1, await service.Metric("billing_reservation_open"));
        Assert.Equal(0, await service.Metric("billing_outbox_oldest_age_seconds{outbox=\"recharges\"}"));
        Assert.Equal(0, await service.Metric("billing_operator_alerts{kind=\"audit\"}"));
        Assert.Equal(1, await service.Metric("billing_health{check=\"database\"}"));
    }

    [Fact]
    public async Task Somebody_who_looks_often_reads_the_database_seldom()
    {
        await using var service = await RunningService.Start();
        Assert.Equal(0, await service.Metric("billing_rejected_usage_open"));

        await service.Post("/v1/usage", service.Usage("no-such-service"));

        Assert.Equal(0, await service.Metric("billing_rejected_usage_open"));
        Assert.Equal(1, await service.Metric("billing_usage_rejected_total{code=\"unknown_service\"}"));
    }

    [Fact]
    public async Task Jobs_tell_how_they_went()
    {
        await using var service = await RunningService.Start();

        await Eventually.That(() => service.Metric("billing_job_duration_seconds_count{job_name=\"refresh-catalogue\",result=\"done\"}"), runs => runs >= 1, "the catalogue was looked at");

        Assert.InRange(await service.Metric("billing_job_last_success_seconds{job_name=\"refresh-catalogue\"}"), service.Now.AddMinutes(-1).ToUnixTimeSeconds(), service.Now.ToUnixTimeSeconds() + 1);
    }
}
