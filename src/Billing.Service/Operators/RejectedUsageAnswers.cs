using Billing.Service.Charging;
using Billing.Service.Ledger;
using Billing.Service.Queries;

namespace Billing.Service.Operators;

/// <summary>Answers <see cref="ListRejectedUsage"/> and <see cref="CountRejectedUsage"/> for every door.</summary>
public sealed class RejectedUsageAnswers(RejectedUsageReader reader, ILedgerStore store)
{
    public async Task<RejectedUsagePage> List(ListRejectedUsage request, CancellationToken cancellationToken)
    {
        if (Read(request, out var range, out var list, out var before) is { } wrong) return new RejectedUsagePage { Code = wrong.Code, Detail = wrong.Detail };
        try
        {
            // One row more than the page has: whether there is a next page.
            var rows = await reader.List(request, range, before?.EntryNumber, (int)request.Limit + 1, cancellationToken);
            var items = rows.Take((int)request.Limit).ToList();
            var charged = await reader.ChargedAt([.. items.Select(IdOf).OfType<Guid>().Distinct()], cancellationToken);
            return new RejectedUsagePage
            {
                Items = items.ConvertAll(row => Line(row, charged)),
                NextCursor = rows.Count > items.Count ? Cursor.Write(list, new Position(items[^1].RejectedAt, items[^1].RejectedId)) : null,
            };
        }
        catch (Exception exception) when (store.Classify(exception) == FailureKind.Unavailable)
        {
            return new RejectedUsagePage { Code = ErrorCodes.DatabaseUnavailable, Detail = Paging.Unavailable };
        }
    }

    public async Task<RejectedUsageCounts> Count(CountRejectedUsage request, CancellationToken cancellationToken)
    {
        if (request.UserId is { } userId && !Name.IsValid(userId)) return new RejectedUsageCounts { Code = ErrorCodes.InvalidUserId, Detail = $"A user id is {Name.Rule}." };
        try
        {
            var counts = await reader.Count(request.UserId, cancellationToken);
            return new RejectedUsageCounts { Items = [.. counts.OrderBy(count => count.Reason, StringComparer.Ordinal)] };
        }
        catch (Exception exception) when (store.Classify(exception) == FailureKind.Unavailable)
        {
            return new RejectedUsageCounts { Code = ErrorCodes.DatabaseUnavailable, Detail = Paging.Unavailable };
        }
    }

    static Refusal? Read(ListRejectedUsage request, out TimeRange range, out string list, out Position? before)
    {
        (list, before) = ("", null);
        if (TimeRange.Of(request.From, request.To, out range) is { } noRange) return noRange;
        if (request.UserId is { } userId && !Name.IsValid(userId)) return new(ErrorCodes.InvalidUserId, $"A user id is {Name.Rule}.");
        // Any other text is no code of ours, and PostgreSQL could not even compare one with a NUL in it.
        if (request.Reason is { } reason && !Name.IsValid(reason)) return new(ErrorCodes.InvalidRequest, "reason is the code of a rejection, such as \"invalid_quantity\".");
        if (Paging.CheckLimit(request.Limit) is { } noLimit) return noLimit;

        list = $"rejected|{request.Reason}|{request.UserId}|{request.Resolved}|{range.From:O}|{range.To:O}";
        return Paging.CheckCursor(request.Cursor, list, out before);
    }

    static RejectedUsageLine Line(RejectedRow row, IReadOnlyDictionary<Guid, DateTimeOffset> charged)
    {
        var fields = row.Fields();
        return new RejectedUsageLine
        {
            RejectedId = row.RejectedId,
            UsageId = row.UsageId,
            UserId = row.UserId,
            Service = row.Service,
            Quantity = fields.Quantity.Has ? fields.Quantity.Value : null,
            OccurredAt = fields.OccurredAt.Has ? fields.OccurredAt.Value : null,
            Code = row.Code,
            Detail = row.Detail,
            RejectedAt = row.RejectedAt,
            RetriedAt = row.RetriedAt,
            RetryOutcome = row.RetryOutcome,
            ResolvedAt = row.ResolvedAt,
            ChargedAt = IdOf(row) is { } id && charged.TryGetValue(id, out var at) ? at : null,
        };
    }

    static Guid? IdOf(RejectedRow row) => Guid.TryParseExact(row.UsageId, "D", out var id) ? id : null;
}
