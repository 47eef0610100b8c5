using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using RabbitMQ.Client;

namespace Billing.IntegrationTests.Observability;

/// <summary>Metrics and traces on PostgreSQL and RabbitMQ.</summary>
[Collection(ServersCollection.Name)]
public sealed class ObservabilityOnServersTests(ServiceOnServers running) : IClassFixture<ServiceOnServers>
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    [Fact]
    public async Task Counts_are_the_databases_also_when_its_connections_break_again_and_again()
    {
        var chargedBefore = await running.Metric("billing_usage_charged_total");
        var rejectedBefore = await Rejected();
        var user = Ids.User("counted");
        var usages = Enumerable.Range(0, 600).Select(i => TestUsage.Of($"{user}-{i % 7}")).ToList();
        var wrong = Enumerable.Range(0, 5).Select(_ => TestUsage.Of(user, "no-such-service")).ToList();

        foreach (var turn in usages.Chunk(60))
        {
            foreach (var usage in turn) await running.Gateway.PublishPlain(usage.ToMessage());
            await running.Count("select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and application_name = 'billing-service'");
        }
        await running.WaitUntilCharged(usages);
        foreach (var usage in wrong) await running.Gateway.PublishPlain(usage.ToMessage());
        await Eventually.That(() => running.Count("select count(*) from rejected_usage where user_id = $1", user), rows => rows == wrong.Count, "what is wrong is rejected");

        Assert.Equal(usages.Count, await Eventually.That(async () => await running.Metric("billing_usage_charged_total") - chargedBefore, charged => charged >= usages.Count, "all are counted"));
        Assert.Equal(wrong.Count, await Eventually.That(async () => await Rejected() - rejectedBefore, rejected => rejected >= wrong.Count, "all rejections are counted"));
    }

    [Fact]
    public async Task How_things_stand_is_read_from_PostgreSQL_and_RabbitMQ()
    {
        Assert.Equal(1, await running.Metric("billing_health{check=\"database\"}"));
        Assert.Equal(0, await running.Metric("billing_operator_alerts{kind=\"audit\"}"));
        Assert.Equal(0, await running.Metric("billing_recharge_open{state=\"needs_review\"}"));
        Assert.InRange(await running.Metric("billing_outbox_oldest_age_seconds{outbox=\"ledger\"}"), 0, 60);
        Assert.InRange(await running.Metric("billing_reservation_open"), 0, 0);
        var queues = await Eventually.That(() => running.Service.Http.GetStringAsync("/metrics"), text => text.Contains("billing_queue_consumers{queue=\"billing-usage\"} 1\n"), "the broker was asked for its queues");
        Assert.Contains("billing_queue_messages{queue=\"billing-usage\"} ", queues);
        Assert.Contains("db_client_", await running.Service.Http.GetStringAsync("/metrics"));
    }

    [Fact]
    public async Task A_plain_message_with_a_traceparent_is_followed_to_the_commit()
    {
        var ended = new ConcurrentBag<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Billing" or "MassTransit",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Add,
        };
        ActivitySource.AddActivityListener(listener);
        var trace = ActivityTraceId.CreateRandom();
        var usage = TestUsage.Of(Ids.User("traced"));

        await running.Gateway.Channel.BasicPublishAsync("Billing.Contracts:UsageOccurred", "", mandatory: true,
            new BasicProperties { ContentType = "application/json", Headers = new Dictionary<string, object?> { ["traceparent"] = $"00-{trace}-{ActivitySpanId.CreateRandom()}-01" } },
            JsonSerializer.SerializeToUtf8Bytes(usage.ToMessage(), Json));

        await running.WaitUntilCharged(usage);
        var batch = await Eventually.That(() => Task.FromResult(ended.FirstOrDefault(span => span.OperationName == "charge batch" && span.Links.Any(link => link.Context.TraceId == trace))!),
            span => span is not null, $"the batch is linked; spans: {string.Join(", ", ended.Select(span => span.OperationName).Distinct())}", TimeSpan.FromSeconds(10));
        Assert.Equal(1, batch.GetTagItem("billing.batch.size"));
        Assert.Contains(ended, span => span.OperationName == "billing-usage receive" && span.TraceId == trace);
    }

    Task<double> Rejected() => running.Metric("billing_usage_rejected_total{code=\"unknown_service\"}");
}
