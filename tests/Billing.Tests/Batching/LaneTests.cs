using Billing.Service.Batching;
using Billing.Tests.Charging;

namespace Billing.Tests.Batching;

public sealed class LaneTests
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_deduction_does_not_wait_for_a_bulk_batch_of_other_accounts()
    {
        await using var batcher = await RunningBatcher.Start(new FakeLedgerStore(concurrentBatches: 1));
        batcher.Store.Ledger.Open("bob", Money.Parse("1"));
        var gate = batcher.Store.Block("ann");
        var bulk = batcher.Use(Shop.Usage(Shop.Ocr, user: "ann"));
        await gate.Reached.WaitAsync(Patience);

        Assert.IsType<Charged>(await batcher.Deduct(Shop.Usage(Shop.Ocr, user: "bob")));

        Assert.False(bulk.IsCompleted);
        gate.Open();
        await bulk;
    }

    [Fact]
    public async Task A_deduction_on_an_account_that_a_bulk_batch_has_comes_after_it_and_sees_what_it_charged()
    {
        await using var batcher = await RunningBatcher.Start(new FakeLedgerStore());
        batcher.Store.Ledger.Open("ann", Money.Parse("0.01"));
        var gate = batcher.Store.Block("ann");
        var bulk = batcher.Use(Shop.Usage(Shop.Ocr));
        await gate.Reached.WaitAsync(Patience);
        var deduction = batcher.Deduct(Shop.Usage(Shop.Ocr));
        await batcher.Submit(Urgency.Interactive, new OpenAccount("bob")); // the interactive lane has been by

        Assert.False(deduction.IsCompleted);
        gate.Open();

        Assert.IsType<Charged>((await bulk)[0]);
        Assert.Equal(ErrorCodes.InsufficientFunds, Assert.IsType<Refused>(await deduction).Code);
        Assert.Empty(batcher.Store.Overlaps);
    }

    [Fact]
    public async Task An_account_is_never_in_two_transactions_at_once_and_every_usage_is_charged_once()
    {
        await using var batcher = await RunningBatcher.Start(new FakeLedgerStore(concurrentBatches: 4), new BatchingOptions { BulkBatchSizeMax = 7, InteractiveBatchSizeMax = 3 });
        string[] users = ["ann", "bob", "cy", "dan", "eve"];
        foreach (var user in users) batcher.Store.Ledger.Open(user, Money.Parse("1000"));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++)
            {
                if (worker % 2 == 0) await batcher.Use([.. users.Select(user => Shop.Usage(Shop.Ocr, user: user))]);
                else await batcher.Deduct(Shop.Usage(Shop.Ocr, user: users[(i + worker) % users.Length]));
            }
        })));

        Assert.Empty(batcher.Store.Overlaps);
        Assert.Equal(4 * 200 * users.Length + 4 * 200, batcher.Store.Ledger.Records.Count);
        Assert.Equal(Money.Parse("5000") - Money.Parse("48"), users.Aggregate(Money.Zero, (sum, user) => sum + batcher.Store.Ledger.Balance(user)));
    }

    [Fact]
    public async Task The_usages_of_an_account_are_charged_in_the_order_in_which_they_came()
    {
        await using var batcher = await RunningBatcher.Start(new FakeLedgerStore(), new BatchingOptions { BulkBatchSizeMax = 3 });
        var gate = batcher.Store.Block("ann");
        var usages = Enumerable.Range(0, 50).Select(i => Shop.Usage(Shop.Ocr, user: i % 3 == 0 ? "bob" : "ann")).ToArray();
        var submitted = new List<Task> { batcher.Use(Shop.Usage(Shop.Ocr)) };
        await gate.Reached.WaitAsync(Patience);

        foreach (var usage in usages) submitted.Add(batcher.Use(usage));
        gate.Open();
        await Task.WhenAll(submitted);

        foreach (var user in (string[])["ann", "bob"])
        {
            var numbers = usages.Where(usage => usage.UserId == user).Select(usage => batcher.Store.Ledger.Records[usage.UsageId].EntryNumber).ToList();
            Assert.Equal(numbers.Order(), numbers);
        }
    }

    [Fact]
    public async Task Under_endless_bulk_work_on_an_account_its_deductions_are_answered()
    {
        await using var batcher = await RunningBatcher.Start(new FakeLedgerStore());
        batcher.Store.Ledger.Open("ann", Money.Parse("100000"));
        using var enough = new CancellationTokenSource();
        var load = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested) await batcher.Use(Shop.Usage(Shop.Ocr));
        })));

        for (var i = 0; i < 50; i++) Assert.IsType<Charged>(await batcher.Deduct(Shop.Usage(Shop.Ocr)));

        await enough.CancelAsync();
        await load;
        Assert.Empty(batcher.Store.Overlaps);
    }

    [Fact]
    public async Task Under_endless_deductions_on_an_account_its_bulk_work_is_done()
    {
        // One deduction a batch and many callers: there is always another one waiting when a batch ends.
        var options = new BatchingOptions { InteractiveBatchSizeMax = 1, BulkPatience = TimeSpan.FromMilliseconds(20) };
        await using var batcher = await RunningBatcher.Start(new FakeLedgerStore(), options);
        batcher.Store.Ledger.Open("ann", Money.Parse("100000"));
        using var enough = new CancellationTokenSource();
        var load = Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested) await batcher.Deduct(Shop.Usage(Shop.Ocr));
        })));

        for (var i = 0; i < 20; i++) Assert.IsType<Charged>((await batcher.Use(Shop.Usage(Shop.Ocr)))[0]);

        await enough.CancelAsync();
        await load;
        Assert.Empty(batcher.Store.Overlaps);
    }

    [Fact]
    public async Task A_deduction_goes_before_bulk_work_that_waits_for_the_same_account()
    {
        await using var batcher = await RunningBatcher.Start(new FakeLedgerStore(concurrentBatches: 1));
        batcher.Store.Ledger.Open("ann", Money.Parse("1"));
        var gate = batcher.Store.Block("ann");
        var (first, bulk, urgent) = (Shop.Usage(Shop.Ocr), Shop.Usage(Shop.Ocr), Shop.Usage(Shop.Ocr));
        var inWork = batcher.Use(first);
        await gate.Reached.WaitAsync(Patience);
        var deduction = batcher.Deduct(urgent);
        await batcher.Submit(Urgency.Interactive, new OpenAccount("bob")); // the interactive lane has seen that it must wait
        var waiting = batcher.Use(bulk);

        gate.Open();
        await Task.WhenAll(inWork, deduction, waiting);

        AssertOrder(batcher, first, urgent, bulk);
    }

    [Fact]
    public async Task Bulk_work_that_has_waited_long_goes_before_the_next_deduction()
    {
        await using var batcher = await RunningBatcher.Start(new FakeLedgerStore(concurrentBatches: 1), new BatchingOptions { BulkPatience = TimeSpan.Zero });
        batcher.Store.Ledger.Open("ann", Money.Parse("1"));
        var gate = batcher.Store.Block("ann");
        var (first, bulk, urgent) = (Shop.Usage(Shop.Ocr), Shop.Usage(Shop.Ocr), Shop.Usage(Shop.Ocr));
        var inWork = batcher.Deduct(first);
        await gate.Reached.WaitAsync(Patience);
        var waiting = batcher.Use(bulk);
        await batcher.Submit(Urgency.Bulk, new OpenAccount("bob")); // the bulk lane has seen that it must wait
        var deduction = batcher.Deduct(urgent);

        gate.Open();
        await Task.WhenAll(inWork, deduction, waiting);

        AssertOrder(batcher, first, bulk, urgent);
    }

    static void AssertOrder(RunningBatcher batcher, params Usage[] expected) =>
        Assert.Equal(expected.Select(usage => usage.UsageId), batcher.Store.Ledger.Records.Values.OrderBy(record => record.EntryNumber).Select(record => record.UsageId));

    [Fact]
    public async Task What_waits_is_committed_together()
    {
        await using var batcher = await RunningBatcher.Start(new FakeLedgerStore(concurrentBatches: 1));
        var gate = batcher.Store.Block("ann");
        var first = batcher.Use(Shop.Usage(Shop.Ocr));
        await gate.Reached.WaitAsync(Patience);
        var waiting = Enumerable.Range(0, 100).Select(i => batcher.Use(Shop.Usage(Shop.Ocr, user: $"user-{i}"))).ToList();

        gate.Open();
        await Task.WhenAll([first, .. waiting]);

        Assert.Equal([1, 100], batcher.Store.Commits.Select(users => users.Length));
    }
}
