using Billing.Service.Batching;
using Billing.Tests.Charging;

namespace Billing.Tests.Batching;

public sealed class FaultTests
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Work_waits_for_a_database_that_comes_back_and_is_charged_once()
    {
        await using var batcher = await RunningBatcher.Start(new FakeLedgerStore { UnavailableTimes = 3 });

        Assert.IsType<Charged>((await batcher.Use(Shop.Usage(Shop.Ocr)))[0]);

        Assert.Equal(4, batcher.Store.Begun);
        Assert.Equal(Money.Parse("-0.01"), batcher.Store.Ledger.Balance());
    }

    [Fact]
    public async Task Work_on_a_database_that_stays_away_is_given_back_and_may_come_again()
    {
        var options = new BatchingOptions { BulkHoldMax = TimeSpan.FromMilliseconds(200), InteractiveHoldMax = TimeSpan.FromMilliseconds(100) };
        await using var batcher = await RunningBatcher.Start(new FakeLedgerStore { Away = true }, options);
        var usage = Shop.Usage(Shop.Ocr);

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => batcher.Use(usage));
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => batcher.Deduct(usage));
        Assert.Empty(batcher.Store.Ledger.Records);

        batcher.Store.Away = false;
        Assert.False(Assert.IsType<Charged>((await batcher.Use(usage))[0]).Duplicate);
    }

    [Fact]
    public async Task A_deduction_behind_bulk_work_that_waits_for_the_database_is_answered_all_the_same()
    {
        var options = new BatchingOptions { BulkHoldMax = TimeSpan.MaxValue, InteractiveAnswerMax = TimeSpan.FromMilliseconds(300) };
        await using var batcher = await RunningBatcher.Start(new FakeLedgerStore { Away = true }, options);
        var bulk = batcher.Use(Shop.Usage(Shop.Ocr));

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => batcher.Deduct(Shop.Usage(Shop.Ocr)).WaitAsync(Patience));

        Assert.False(bulk.IsCompleted);
        batcher.Store.Away = false;
        Assert.IsType<Charged>((await bulk.WaitAsync(Patience))[0]);
    }

    [Fact]
    public async Task A_batch_that_lost_a_race_is_read_anew_and_written()
    {
        await using var batcher = await RunningBatcher.Start(new FakeLedgerStore { ConflictTimes = 4 });

        Assert.IsType<Charged>((await batcher.Use(Shop.Usage(Shop.Ocr)))[0]);

        Assert.Equal((5, 1), (batcher.Store.Begun, batcher.Store.Commits.Count));
        Assert.Equal(Money.Parse("-0.01"), batcher.Store.Ledger.Balance());
    }

    [Fact]
    public async Task One_usage_that_cannot_be_written_is_put_aside_and_its_neighbours_are_charged()
    {
        var usages = Enumerable.Range(0, 64).Select(i => Shop.Usage(Shop.Ocr, user: $"user-{i % 5}")).ToArray();
        await using var batcher = await RunningBatcher.Start(new FakeLedgerStore { Unwritable = usages[37].UsageId });

        var outcomes = await batcher.Use(usages);

        Assert.Equal(ErrorCodes.NotChargeable, Assert.IsType<Refused>(outcomes[37]).Code);
        Assert.Equal(63, outcomes.OfType<Charged>().Count(charged => !charged.Duplicate));
        Assert.Equal(63, batcher.Store.Ledger.Records.Count);
        var rejection = Assert.Single(batcher.Store.Ledger.Rejections);
        Assert.Equal((usages[37].UsageId.ToString(), ErrorCodes.NotChargeable), (rejection.UsageId, rejection.Refusal.Code));
    }

    [Fact]
    public async Task A_retried_usage_that_cannot_be_written_is_marked_and_its_neighbours_are_charged()
    {
        var usages = Enumerable.Range(0, 8).Select(i => Shop.Usage(Shop.Ocr, user: $"user-{i % 3}")).ToArray();
        await using var batcher = await RunningBatcher.Start(new FakeLedgerStore { Unwritable = usages[5].UsageId });

        var outcomes = await batcher.Submit(Urgency.Bulk, [.. usages.Select((usage, i) => new RetryUsage(i, usage, Shop.NewId(), "eve", "test"))]);

        Assert.Equal(ErrorCodes.NotChargeable, Assert.IsType<Refused>(outcomes[5]).Code);
        Assert.Equal(new RetriedUsage(5, ErrorCodes.NotChargeable, Resolved: false), batcher.Store.Ledger.Retries[5]);
        Assert.Equal(7, batcher.Store.Ledger.Records.Count);
        Assert.Empty(batcher.Store.Ledger.Rejections);
    }

    [Fact]
    public async Task A_deduction_that_cannot_be_written_fails_alone_and_is_not_called_charged()
    {
        var usage = Shop.Usage(Shop.Ocr);
        await using var batcher = await RunningBatcher.Start(new FakeLedgerStore { Unwritable = usage.UsageId });
        batcher.Store.Ledger.Open("ann", Money.Parse("1"));

        await Assert.ThrowsAsync<InvalidDataException>(() => batcher.Deduct(usage));

        Assert.IsType<Charged>(await batcher.Deduct(Shop.Usage(Shop.Ocr)));
        Assert.Equal(Money.Parse("0.99"), batcher.Store.Ledger.Balance());
    }

    [Fact]
    public async Task A_caller_hears_only_when_all_parts_of_what_it_handed_in_are_committed()
    {
        await using var batcher = await RunningBatcher.Start(new FakeLedgerStore(concurrentBatches: 1), new BatchingOptions { BulkBatchSizeMax = 1 });
        var gate = batcher.Store.Block("bob");

        var submission = batcher.Use(Shop.Usage(Shop.Ocr, user: "ann"), Shop.Usage(Shop.Ocr, user: "bob"));
        await gate.Reached.WaitAsync(Patience);

        Assert.Equal(["ann"], batcher.Store.Commits.SelectMany(users => users));
        Assert.False(submission.IsCompleted);
        gate.Open();
        Assert.All(await submission, outcome => Assert.IsType<Charged>(outcome));
    }

    [Fact]
    public async Task A_caller_that_gives_up_stops_waiting_and_its_work_is_done_all_the_same()
    {
        var store = new FakeLedgerStore();
        await using var batcher = await RunningBatcher.Start(store);
        var gate = store.Block("ann");
        var usage = Shop.Usage(Shop.Ocr);
        using var patience = new CancellationTokenSource();
        var given = batcher.Submit(Urgency.Bulk, patience.Token, new ChargeUsage(usage));
        await gate.Reached.WaitAsync(Patience);

        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        Assert.Empty(store.Ledger.Records);
        gate.Open();

        Assert.True(Assert.IsType<Charged>((await batcher.Use(usage))[0]).Duplicate);
    }

    [Fact]
    public async Task At_shutdown_what_was_handed_in_is_committed_and_nothing_more_comes_in()
    {
        var store = new FakeLedgerStore(concurrentBatches: 1);
        await using var batcher = await RunningBatcher.Start(store);
        var gate = store.Block("ann");
        var first = batcher.Use(Shop.Usage(Shop.Ocr));
        await gate.Reached.WaitAsync(Patience);
        var waiting = Enumerable.Range(0, 20).Select(_ => batcher.Use(Shop.Usage(Shop.Ocr))).ToList();

        var stopping = batcher.Stop();
        Assert.False(stopping.IsCompleted);
        gate.Open();
        await stopping.WaitAsync(Patience);
        await Task.WhenAll([first, .. waiting]);

        Assert.Equal(21, store.Ledger.Records.Count);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => batcher.Use(Shop.Usage(Shop.Ocr)));
    }
}
