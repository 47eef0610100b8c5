using Billing.Service.Batching;
using Billing.Service.Charging;
using Billing.Service.Ledger;
using Billing.Service.Queries;

namespace Billing.Service.Operators;

/// <summary>
/// Answers <see cref="RetryRejected"/> for every door. Each usage is charged, marked and logged in one transaction of its account; the
/// retry itself is logged last, with its result. Dying on the way leaves what is done marked, and a repeat goes on with the rest.
/// </summary>
public sealed class RejectedRetries(ChargingBatcher batcher, RejectedUsageReader reader, OperatorActReader acts, ILedgerStore store, IRules rules)
{
    static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(20);

    // What a complete usage can be rejected for and time, another catalogue or another balance may heal.
    static readonly string[] Healable =
    [
        ErrorCodes.UnknownService, ErrorCodes.CostMissing, ErrorCodes.CostNotAllowed, ErrorCodes.UsageInFuture, ErrorCodes.InvalidUsageId,
        ErrorCodes.AmountOverflow, ErrorCodes.NotChargeable,
    ];

    public async Task<RejectedRetry> Retry(RetryRejected request, CancellationToken cancellationToken)
    {
        if (Read(request, out var about, out var after) is { } wrong) return No(request, wrong);
        var subject = $"{about}|{request.Limit}|{request.Cursor}";
        try
        {
            if (await acts.Find(ActKinds.RetryRejected, request.OperationId, cancellationToken) is { } known) return Answer(request, subject, known, duplicate: true);

            var codes = request.RejectedFor is null && request.UsageId is null ? Healable : null;
            // One row more than is tried: whether more is left.
            var rows = await reader.ToRetry(request, codes, after?.EntryNumber, (int)request.Limit + 1, cancellationToken);
            var tried = rows.Take((int)request.Limit).ToList();
            var outcomes = await batcher.Submit(tried.ConvertAll(row => ToOperation(row, request)), Urgency.Bulk, cancellationToken).WaitAsync(AnswerMax, cancellationToken);
            var tally = RetryTally.Of(outcomes, rows.Count > tried.Count ? Cursor.Write(about, new Position(tried[^1].RejectedAt, tried[^1].RejectedId)) : null);

            // Dying before this is committed: a repeat with the same id tries what is still open, and tells of that alone.
            var log = new LogAct(ActKinds.RetryRejected, request.OperationId, subject, request.Actor, request.Reason, tally.ToChanges());
            var logged = (Logged)(await batcher.Submit([log], Urgency.Interactive, cancellationToken))[0];
            return Answer(request, subject, logged.Act, logged.Duplicate);
        }
        catch (TimeoutException)
        {
            return No(request, new Refusal(ErrorCodes.DatabaseUnavailable, $"Not finished within {AnswerMax.TotalSeconds:0} s; repeat with the same id."));
        }
        catch (LedgerUnavailableException exception)
        {
            return No(request, new Refusal(ErrorCodes.DatabaseUnavailable, exception.Message));
        }
        catch (Exception exception) when (store.Classify(exception) == FailureKind.Unavailable)
        {
            return No(request, new Refusal(ErrorCodes.DatabaseUnavailable, Paging.Unavailable));
        }
    }

    Operation ToOperation(RejectedRow row, RetryRejected request) => row.Usage(rules.Currency) is { } usage
        ? new RetryUsage(row.RejectedId, usage, request.OperationId, request.Actor, request.Reason)
        : new GiveUpRetry(row.RejectedId, new Refusal(ErrorCodes.NotRetryable, "What was sent is no complete usage."), ForGood: true);

    static Refusal? Read(RetryRejected request, out string about, out Position? after)
    {
        (about, after) = ("", null);
        if (request.OperationId == Guid.Empty) return new(ErrorCodes.InvalidOperationId, "operationId is a UUID, not all zero.");
        if (request.RejectedFor == ErrorCodes.UsageTooOld) return new(ErrorCodes.UsageTooOld, $"Usage is charged for {UsageAge.Max.TotalDays:0} days after it occurred, retried or not; adjust the balance instead.");
        if (request.RejectedFor is { } code && !Healable.Contains(code)) return new(ErrorCodes.NotRetryable, $"What was rejected with '{Printable.Of(code, 40)}' cannot be charged by trying again.");
        if (request.UserId is { } userId && !Name.IsValid(userId)) return new(ErrorCodes.InvalidUserId, $"A user id is {Name.Rule}.");
        if (Paging.CheckLimit(request.Limit) is { } noLimit) return noLimit;
        if (Signature.Problem(request.Actor, request.Reason) is { } noSignature) return noSignature;

        about = $"{request.RejectedFor}|{request.UsageId}|{request.UserId}";
        return Paging.CheckCursor(request.Cursor, about, out after);
    }

    static RejectedRetry Answer(RetryRejected request, string subject, OperatorAct act, bool duplicate)
    {
        if (act.Subject != subject) return No(request, new Refusal(ErrorCodes.OperationIdReused, $"Id {request.OperationId} has retried something else already; the first stands."));

        var tally = RetryTally.Of(act);
        var theOne = request.UsageId is not null && tally.Charged + tally.Duplicates == 0 ? tally.RejectedAgain.FirstOrDefault()?.Reason : null;
        return new RejectedRetry
        {
            OperationId = request.OperationId,
            Done = true,
            Duplicate = duplicate,
            Code = theOne,
            Detail = theOne is null ? null : "The usage was rejected again.",
            Tried = tally.Tried,
            Charged = tally.Charged,
            Duplicates = tally.Duplicates,
            RejectedAgain = tally.RejectedAgain.Sum(again => again.Usages),
            RejectedAgainFor = tally.RejectedAgain,
            MoreToTry = tally.NextCursor is not null,
            NextCursor = tally.NextCursor,
        };
    }

    static RejectedRetry No(RetryRejected request, Refusal refusal) => new() { OperationId = request.OperationId, Done = false, Code = refusal.Code, Detail = refusal.Detail };
}
