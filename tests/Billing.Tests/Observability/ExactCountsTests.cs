using System.Diagnostics.Metrics;
using Billing.Service.Observability;
using Billing.Tests.Batching;
using Billing.Tests.Charging;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Tests.Observability;

/// <summary>Whatever goes wrong on the way, what is counted is what the ledger holds.</summary>
public sealed class ExactCountsTests : IAsyncDisposable
{
    readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    readonly MeterListener _listener = new();
    readonly Dictionary<string, long> _counts = [];
    readonly ChargingMetrics _metrics;

    public ExactCountsTests()
    {
        var factory = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == factory && instrument.IsObservable) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, count, _, _) => _counts[instrument.Name] = _counts.GetValueOrDefault(instrument.Name) + count);
        _listener.Start();
        _metrics = new ChargingMetrics(factory);
    }

    [Fact]
    public async Task A_commit_whose_answer_was_lost_is_counted_as_charged_and_its_real_repeat_as_a_duplicate()
    {
        await using var batcher = await RunningBatcher.Start(new FakeLedgerStore { LostAnswers = 1 }, metrics: _metrics);
        var usage = Shop.Usage(Shop.Ocr);

        await batcher.Use(usage);
        await batcher.Use(usage);

        AssertCounts(batcher, charged: 1, duplicates: 1, rejected: 0);
    }

    [Fact]
    public async Task Outages_lost_races_and_a_usage_that_cannot_be_written_leave_the_counts_exact()
    {
        var usages = Enumerable.Range(0, 64).Select(i => Shop.Usage(Shop.Ocr, user: $"user-{i % 5}")).ToArray();
        await using var batcher = await RunningBatcher.Start(new FakeLedgerStore { UnavailableTimes = 2, ConflictTimes = 3, LostAnswers = 2, Unwritable = usages[37].UsageId }, metrics: _metrics);

        await batcher.Use(usages);
        await batcher.Use([.. usages.Take(10)]);

        AssertCounts(batcher, charged: 63, duplicates: 10, rejected: 1);
    }

    void AssertCounts(RunningBatcher batcher, long charged, long duplicates, long rejected)
    {
        _listener.RecordObservableInstruments();
        Assert.Equal((charged, duplicates, rejected), (_counts["billing.usage.charged"], _counts["billing.usage.duplicates"], _counts.GetValueOrDefault("billing.usage.rejected")));
        Assert.Equal((charged, rejected), (batcher.Store.Ledger.Records.Count, batcher.Store.Ledger.Rejections.Count));
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _services.DisposeAsync();
    }
}
