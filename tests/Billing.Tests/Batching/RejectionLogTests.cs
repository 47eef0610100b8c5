using Billing.Service.Batching;
using Billing.TestSupport.Messaging;
using Billing.Tests.Charging;
using Microsoft.Extensions.Logging;

namespace Billing.Tests.Batching;

/// <summary>What was rejected is told in the log, and no flood of it fills a disk.</summary>
public sealed class RejectionLogTests : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    readonly LogLines _log = new();
    readonly LoggerFactory _loggers = new();

    public RejectionLogTests() => _loggers.AddProvider(_log);

    [Fact]
    public async Task A_flood_of_bad_messages_is_a_line_a_batch_with_counts_by_code_and_a_few_ids()
    {
        var store = new FakeLedgerStore(concurrentBatches: 1);
        await using (var batcher = await Start(store))
        {
            var gate = store.Block("first");
            var first = batcher.Use(Shop.Usage(Shop.Ocr, user: "first"));
            await gate.Reached.WaitAsync(Patience);
            // Each is a message of its own; they gather while the first batch is on its way.
            var flood = Enumerable.Range(0, 300).Select(_ => batcher.Use(Shop.Usage("nothing"))).Append(batcher.Use(Shop.Usage(Shop.Ocr))).Append(Raw(batcher, "no uuid")).Append(Raw(batcher, "")).ToList();
            gate.Open();
            await Task.WhenAll([first, .. flood]);
        }

        var line = Assert.Single(Lines());
        Assert.Contains("Rejected 302 usages of a batch of 303 operations", line);
        Assert.All([$"[{ErrorCodes.UnknownService}, 300]", $"[{ErrorCodes.InvalidUsageId}, 2]"], count => Assert.True(line.Contains(count), line));
        var told = store.Ledger.Rejections.Where(rejection => rejection.UsageId.Length > 0 && line.Contains(rejection.UsageId)).ToList();
        Assert.Equal(5, told.Count);
    }

    [Fact]
    public async Task A_batch_that_had_to_be_halved_is_one_line_too_with_what_could_not_be_written()
    {
        var usages = Enumerable.Range(0, 64).Select(i => Shop.Usage(i % 16 == 0 ? "nothing" : Shop.Ocr)).ToArray();
        await using (var batcher = await Start(new FakeLedgerStore(concurrentBatches: 1) { Unwritable = usages[37].UsageId })) await batcher.Use(usages);

        var line = Assert.Single(Lines());
        Assert.Contains("Rejected 5 usages of a batch of 64 operations", line);
        Assert.Contains($"[{ErrorCodes.NotChargeable}, 1]", line);
        Assert.Contains($"[{ErrorCodes.UnknownService}, 4]", line);
        Assert.Contains(usages[37].UsageId.ToString(), line);
    }

    [Fact]
    public async Task Where_nothing_was_rejected_nothing_is_told_and_a_refused_deduction_is_an_answer_only()
    {
        await using (var batcher = await Start(new FakeLedgerStore()))
        {
            await batcher.Use(Shop.Usage(Shop.Ocr));
            await batcher.Deduct(Shop.Usage("nothing"));
        }

        Assert.Empty(Lines());
    }

    public void Dispose() => _loggers.Dispose();

    Task<RunningBatcher> Start(FakeLedgerStore store) => RunningBatcher.Start(store, loggers: _loggers);

    static Task<Outcome[]> Raw(RunningBatcher batcher, string usageId) =>
        batcher.Submit(Urgency.Bulk, new RecordRejection(RejectedUsage.OfRaw(usageId, null, null, "{}", new Refusal(ErrorCodes.InvalidUsageId, "no"))));

    List<string> Lines() => [.. _log.Lines.Where(line => line.Contains("Rejected ", StringComparison.Ordinal))];
}
