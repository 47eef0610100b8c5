namespace Billing.FaultTests.Harness;

/// <summary>A gateway on the broker: batches and single usages published with confirms, and deductions by request.</summary>
sealed class BrokerLoad : ILoad
{
    const int BatchPublishers = 1;
    const int BatchSize = 200;

    // A pace that keeps the queues busy without letting one run grow beyond what can be checked in a second.
    static readonly TimeSpan BatchPause = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan SinglePause = TimeSpan.FromMilliseconds(10);
    static readonly TimeSpan DeductionPause = TimeSpan.FromMilliseconds(30);

    readonly CancellationTokenSource _finish = new();
    readonly Uri _address;
    readonly Traffic _traffic;
    readonly Journal _journal;
    readonly Task _work;

    public BrokerLoad(Uri address, Traffic traffic, Journal journal)
    {
        (_address, _traffic, _journal) = (address, traffic, journal);
        _work = Task.WhenAll([.. Enumerable.Range(0, BatchPublishers).Select(_ => Task.Run(PublishBatches)), Task.Run(PublishSingles), Task.Run(Deduct)]);
    }

    public async Task Finish()
    {
        await _finish.CancelAsync();
        await _work;
    }

    async Task PublishBatches()
    {
        await using var publisher = new BrokerPublisher(_address);
        while (await Paced.Next(BatchPause, _finish.Token))
        {
            var usages = _traffic.Next(BatchSize);
            _journal.Sending(usages);
            await publisher.PublishUntilConfirmed(BrokerPublisher.UsageBatch, SentUsage.ToBatch(usages));
            _journal.Confirm(usages);
        }
    }

    async Task PublishSingles()
    {
        await using var publisher = new BrokerPublisher(_address);
        while (await Paced.Next(SinglePause, _finish.Token))
        {
            var usage = _traffic.Next();
            _journal.Sending([usage]);
            await publisher.PublishUntilConfirmed(BrokerPublisher.UsageOccurred, usage.ToJson());
            _journal.Confirm([usage]);
        }
    }

    async Task Deduct()
    {
        await using var requester = new BrokerRequester(_address);
        while (await Paced.Next(DeductionPause, _finish.Token))
        {
            var usage = _traffic.NextDeduction();
            _journal.SendingDeduction(usage);
            if (await requester.Deduct(usage) is { } code) _journal.Refuse(usage, code);
            else _journal.Confirm([usage]);
        }
    }
}
