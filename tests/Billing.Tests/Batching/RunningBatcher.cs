using Billing.Service.Batching;
using Billing.Service.Ledger;
using Billing.Service.Observability;
using Billing.Tests.Charging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Billing.Tests.Batching;

/// <summary>The real batcher over the fake ledger.</summary>
sealed class RunningBatcher : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    readonly ChargingBatcher _batcher;

    public RunningBatcher(FakeLedgerStore store, BatchingOptions? options = null, ChargingMetrics? metrics = null, ILoggerFactory? loggers = null)
    {
        Store = store;
        _batcher = new ChargingBatcher(new LedgerWriter(store, store, metrics: metrics), store, Options.Create(options ?? new BatchingOptions()), loggers ?? NullLoggerFactory.Instance, metrics);
    }

    public FakeLedgerStore Store { get; }

    public static async Task<RunningBatcher> Start(FakeLedgerStore store, BatchingOptions? options = null, ChargingMetrics? metrics = null, ILoggerFactory? loggers = null)
    {
        var batcher = new RunningBatcher(store, options, metrics, loggers);
        await batcher._batcher.StartAsync(CancellationToken.None);
        return batcher;
    }

    /// <summary>A task that ends in any case: a batcher that never answers is a failure, not a hang.</summary>
    public Task<Outcome[]> Submit(Urgency urgency, params Operation[] operations) => Submit(urgency, CancellationToken.None, operations);

    public Task<Outcome[]> Submit(Urgency urgency, CancellationToken cancellationToken, params Operation[] operations) =>
        _batcher.Submit(operations, urgency, cancellationToken).WaitAsync(Patience, CancellationToken.None);

    public Task<Outcome[]> Use(params Usage[] usages) => Submit(Urgency.Bulk, [.. usages.Select(usage => new ChargeUsage(usage))]);

    public async Task<Outcome> Deduct(Usage usage) => (await Submit(Urgency.Interactive, new DeductUsage(usage, Shop.Now.AddSeconds(5))))[0];

    public Task Stop() => _batcher.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        Store.OpenGates(); // a failed assertion leaves them closed, and a drain would wait for ever
        await Stop();
        _batcher.Dispose();
    }
}
