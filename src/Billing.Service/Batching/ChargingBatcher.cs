using System.Diagnostics;
using Billing.Service.Charging;
using Billing.Service.Ledger;
using Billing.Service.Observability;
using Microsoft.Extensions.Options;

namespace Billing.Service.Batching;

/// <summary>
/// The one way to the ledger: queue messages, requests and HTTP calls hand in their operations here and share its commits, so
/// that a strong answer is as cheap as an asynchronous one.
/// </summary>
public sealed class ChargingBatcher : BackgroundService
{
    readonly Lanes _lanes;
    readonly BatchRunner _runner;
    readonly SemaphoreSlim _bulkPlaces;
    readonly SemaphoreSlim _interactivePlaces;
    readonly TimeSpan _interactiveAnswerMax;
    readonly ILogger<ChargingBatcher> _logger;
    readonly ChargingMetrics? _metrics;

    public ChargingBatcher(LedgerWriter ledger, ILedgerStore store, IOptions<BatchingOptions> options, ILoggerFactory loggers, ChargingMetrics? metrics = null)
    {
        _lanes = new Lanes(options.Value, store.ConcurrentBatchesMax);
        _runner = new BatchRunner(ledger, store, options.Value, loggers.CreateLogger<BatchRunner>());
        _bulkPlaces = new SemaphoreSlim(options.Value.SubmissionsMax);
        _interactivePlaces = new SemaphoreSlim(options.Value.SubmissionsMax);
        _interactiveAnswerMax = options.Value.InteractiveAnswerMax;
        _logger = loggers.CreateLogger<ChargingBatcher>();
        _metrics = metrics;
    }

    /// <summary>
    /// Completes when every operation is committed or refused, with one outcome for each. Throws
    /// <see cref="LedgerUnavailableException"/> when the database stays away. Cancelling stops the waiting, not the work.
    /// </summary>
    public async Task<Outcome[]> Submit(IReadOnlyList<Operation> operations, Urgency urgency, CancellationToken cancellationToken = default)
    {
        if (urgency == Urgency.Bulk) return await Submit(operations, urgency, _bulkPlaces, cancellationToken);

        // The work may stand behind a batch that itself waits for the database; its caller must not.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_interactiveAnswerMax);
        try
        {
            return await Submit(operations, urgency, _interactivePlaces, patience.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LedgerUnavailableException(exception);
        }
    }

    async Task<Outcome[]> Submit(IReadOnlyList<Operation> operations, Urgency urgency, SemaphoreSlim places, CancellationToken cancellationToken)
    {
        if (operations.Count == 0) return [];

        _metrics?.Received(operations.Count(operation => operation is ChargeUsage or DeductUsage or RecordRejection));
        await places.WaitAsync(cancellationToken);
        var submission = new Submission(operations);
        try
        {
            _lanes.Add(submission, urgency);
        }
        catch
        {
            places.Release();
            throw;
        }
        _ = submission.Done.ContinueWith(_ => places.Release(), TaskScheduler.Default);
        return await submission.Done.WaitAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        stoppingToken.Register(_lanes.Close);
        return Task.WhenAll(_lanes.All.Select(lane => Task.Run(() => Work(lane), CancellationToken.None)));
    }

    async Task Work(Lane lane)
    {
        while (await _lanes.Take(lane) is { } batch)
        {
            var started = Stopwatch.GetTimestamp();
            using var span = BatchTrace.Start(batch, lane.Urgency);
            try
            {
                await _runner.Run(batch, lane.Urgency);
            }
            finally
            {
                _lanes.Release(lane, batch);
            }
            var took = Stopwatch.GetElapsedTime(started);
            _metrics?.Batch(lane.Urgency, batch.Count, took);
            _logger.LogDebug("{Urgency} batch of {OperationCount} operations in {BatchMs:0.0} ms", lane.Urgency, batch.Count, took.TotalMilliseconds);
        }
    }
}
