using System.Diagnostics;
using Billing.Service.Charging;
using Billing.Service.Ledger;
using Billing.Service.Observability;

namespace Billing.Service.Batching;

/// <summary>
/// Gets a batch committed in spite of what can go wrong: a database that is away is waited for, and an operation that cannot
/// be written is found by halving, so that it never sinks its neighbours.
/// </summary>
sealed class BatchRunner(LedgerWriter ledger, ILedgerStore store, BatchingOptions options, ILogger<BatchRunner> logger)
{
    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(1);

    public async Task Run(IReadOnlyList<Pending> batch, Urgency urgency)
    {
        var rejections = new Rejections();
        await Run(batch, rejections, Stopwatch.StartNew(), urgency == Urgency.Bulk ? options.BulkHoldMax : options.InteractiveHoldMax);
        // One line, also where the batch was halved: a flood of bad messages is as many lines as batches.
        rejections.Log(logger, batch.Count);
    }

    async Task Run(IReadOnlyList<Pending> batch, Rejections rejections, Stopwatch held, TimeSpan holdMax)
    {
        try
        {
            var outcomes = await ApplyOnceAvailable([.. batch.Select(pending => pending.Operation)], held, holdMax, BatchTrace.OfRecharges(batch));
            for (var i = 0; i < outcomes.Length; i++)
            {
                rejections.Add(batch[i].Operation, outcomes[i]);
                batch[i].Submission.Complete(batch[i].Index, outcomes[i]);
            }
        }
        catch (LedgerUnavailableException exception)
        {
            logger.LogWarning(exception, "The database has been away for {HeldSeconds:0.0} s: giving {OperationCount} operations back", held.Elapsed.TotalSeconds, batch.Count);
            foreach (var pending in batch) pending.Submission.Fail(exception);
        }
        catch (Exception exception) when (batch.Count == 1)
        {
            await PutAside(batch[0], exception, rejections, held, holdMax);
        }
        catch (Exception exception)
        {
            logger.LogWarning("A batch of {OperationCount} operations cannot be written, halving it: {Error}", batch.Count, exception.Message);
            await Run([.. batch.Take(batch.Count / 2)], rejections, held, holdMax);
            await Run([.. batch.Skip(batch.Count / 2)], rejections, held, holdMax);
        }
    }

    /// <summary>Usage is never lost: what cannot be charged stands in rejected_usage, for an operator to look at.</summary>
    async Task PutAside(Pending pending, Exception exception, Rejections rejections, Stopwatch held, TimeSpan holdMax)
    {
        logger.LogError(exception, "An operation on {UserId} cannot be written", pending.Operation.UserId);
        try
        {
            var refusal = new Refusal(ErrorCodes.NotChargeable, $"The database refused it: {exception.Message}");
            Operation? aside = pending.Operation switch
            {
                ChargeUsage charge => new RecordRejection(RejectedUsage.Of(charge.Usage, refusal)),
                RetryUsage retry => new GiveUpRetry(retry.RejectedId, refusal, ForGood: false),
                _ => null,
            };
            if (aside is null || store.Classify(exception) != FailureKind.Unwritable) throw exception;
            var outcomes = await ApplyOnceAvailable([aside], held, holdMax);
            rejections.Add(pending.Operation, outcomes[0]);
            pending.Submission.Complete(pending.Index, outcomes[0]);
        }
        catch (Exception notPutAside)
        {
            pending.Submission.Fail(notPutAside);
        }
    }

    async Task<Outcome[]> ApplyOnceAvailable(IReadOnlyList<Operation> operations, Stopwatch held, TimeSpan holdMax, IReadOnlyDictionary<Guid, ActivityContext>? origins = null)
    {
        for (var pause = FirstPause; ; pause = Min(pause * 2, PauseMax))
        {
            try
            {
                return await ledger.Apply(operations, CancellationToken.None, origins);
            }
            catch (Exception exception) when (store.Classify(exception) is FailureKind.Unavailable or FailureKind.Conflict)
            {
                // A conflict comes here only after many tries in a row: the database is too busy to take it now.
                if (held.Elapsed + pause > holdMax) throw new LedgerUnavailableException(exception);
                logger.LogWarning("The database does not take {OperationCount} operations yet, they wait: {Error}", operations.Count, exception.Message);
            }
            await Task.Delay(pause);
        }
    }

    static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
