using Billing.Service.Charging;
using Billing.Service.Ledger;
using Billing.Service.Queries;

namespace Billing.Service.Operators;

/// <summary>Answers <see cref="ListOperatorActs"/> for every door.</summary>
public sealed class OperatorActAnswers(OperatorActReader reader, ILedgerStore store)
{
    public async Task<OperatorActPage> List(ListOperatorActs request, CancellationToken cancellationToken)
    {
        if (Read(request, out var range, out var list, out var before) is { } wrong) return new OperatorActPage { Code = wrong.Code, Detail = wrong.Detail };
        try
        {
            // One act more than the page has: whether there is a next page.
            var rows = await reader.List(request, range, before?.EntryNumber, (int)request.Limit + 1, cancellationToken);
            var items = rows.Take((int)request.Limit).ToList();
            return new OperatorActPage
            {
                Items = items.ConvertAll(row => Line(row.UserId, row.Act)),
                NextCursor = rows.Count > items.Count ? Cursor.Write(list, new Position(items[^1].Act.ActedAt, items[^1].ActId)) : null,
            };
        }
        catch (Exception exception) when (store.Classify(exception) == FailureKind.Unavailable)
        {
            return new OperatorActPage { Code = ErrorCodes.DatabaseUnavailable, Detail = Paging.Unavailable };
        }
    }

    static Refusal? Read(ListOperatorActs request, out TimeRange range, out string list, out Position? before)
    {
        (list, before) = ("", null);
        if (TimeRange.Of(request.From, request.To, out range) is { } noRange) return noRange;
        if (request.UserId is { } userId && !Name.IsValid(userId)) return new(ErrorCodes.InvalidUserId, $"A user id is {Name.Rule}.");
        if (request.Actor is { } actor && Signature.ActorProblem(actor) is { } noActor) return noActor;
        if (Paging.CheckLimit(request.Limit) is { } noLimit) return noLimit;

        list = $"acts|{request.UserId}|{request.Actor}|{range.From:O}|{range.To:O}";
        return Paging.CheckCursor(request.Cursor, list, out before);
    }

    static OperatorActLine Line(string? userId, OperatorAct act) => new()
    {
        Kind = act.Kind,
        OperationId = act.OperationId,
        UserId = userId,
        Subject = act.Subject,
        Actor = act.Actor,
        Reason = act.Reason,
        Changes = act.Changes,
        ActedAt = act.ActedAt,
    };
}
