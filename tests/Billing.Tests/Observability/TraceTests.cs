using System.Collections.Concurrent;
using System.Diagnostics;
using Billing.TestSupport;
using Billing.Tests.Http;

namespace Billing.Tests.Observability;

[Collection(nameof(TraceTests))]
public sealed class TraceTests : IDisposable
{
    readonly ConcurrentBag<Activity> _ended = [];
    readonly ActivityListener _listener;

    public TraceTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Billing" or "MassTransit" or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Add,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    [Fact]
    public async Task A_usage_is_followed_from_the_gateway_to_the_commit()
    {
        await using var service = await RunningService.Start();
        var trace = ActivityTraceId.CreateRandom();
        service.Client.DefaultRequestHeaders.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");

        await service.Post("/v1/usage", service.Usage());

        var span = await Ended("charge batch", trace);
        Assert.Equal(1, span.GetTagItem("billing.batch.size"));
        Assert.Equal(trace, Assert.Single(span.Links).Context.TraceId);
    }

    [Fact]
    public async Task A_recharge_is_one_trace_through_all_its_messages_and_both_outboxes()
    {
        await using var service = await RunningService.Start();
        var trace = ActivityTraceId.CreateRandom();
        service.Client.DefaultRequestHeaders.Add("Idempotency-Key", Ids.WithTime().ToString());
        var started = service.Post("/v1/accounts/ann/recharges", new { amount = "5", currency = "USD", channel = "card" });
        var rechargeId = await Eventually.That(async () => (string?)(await service.Get("/v1/payments/orders")).Body?["items"]?.AsArray().FirstOrDefault()?["rechargeId"], id => id is not null, "the order is there");
        service.Client.DefaultRequestHeaders.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");
        await service.Post("/v1/payments/succeeded", new { rechargeId, paymentId = "p1", amount = "5", currency = "USD", paidAt = service.Now });
        await started;

        await Eventually.That(() => service.Balance("ann"), balance => balance == "5.00", "the money is there");

        // The payment came in by one outbox; the ledger's answer goes back by the other.
        await Ended("billing-credit-account receive", trace);
        await Ended("charge batch", trace);
        await Ended("outbox send", trace);
        await Eventually.That(() => Task.FromResult(_ended.Count(span => span.TraceId == trace && span.OperationName == "billing-recharges receive")), count => count >= 2, "the ledger's answer came back in the same trace");
    }

    public void Dispose() => _listener.Dispose();

    Task<Activity> Ended(string name, ActivityTraceId trace) => Eventually.That(
        () => Task.FromResult(_ended.FirstOrDefault(span => span.OperationName == name && span.TraceId == trace)!), span => span is not null,
        $"'{name}' ended in the trace; there were {string.Join(", ", _ended.Where(span => span.TraceId == trace).Select(span => span.OperationName))}", TimeSpan.FromSeconds(10));
}

/// <summary>What listens here hears the whole process: no other test traces meanwhile.</summary>
[CollectionDefinition(nameof(TraceTests), DisableParallelization = true)]
public sealed class TracesCollection;
