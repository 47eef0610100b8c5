using Billing.Service.Charging;
using Billing.Service.Ledger;

namespace Billing.Service.Queries;

/// <summary>Answers <see cref="ListLedger"/> for every door.</summary>
public sealed class LedgerAnswers(IRecordsReader reader, ILedgerStore store, IRules rules)
{
    public async Task<LedgerPage> List(ListLedger request, CancellationToken cancellationToken)
    {
        if (Read(request, out var query, out var list) is { } wrong) return No(request, wrong.Code, wrong.Detail);
        try
        {
            return await reader.Entries(query!, cancellationToken) is { } rows
                ? Page(request, list, rows)
                : No(request, ErrorCodes.AccountNotFound, $"No operation has named user '{request.UserId}' yet.");
        }
        catch (Exception exception) when (store.Classify(exception) == FailureKind.Unavailable)
        {
            return No(request, ErrorCodes.DatabaseUnavailable, Paging.Unavailable);
        }
    }

    /// <summary>The query, with one entry more than the page has: whether there is a next page.</summary>
    static Refusal? Read(ListLedger request, out EntriesQuery? query, out string list)
    {
        (query, list) = (null, "");
        if (!Name.IsValid(request.UserId)) return new(ErrorCodes.InvalidUserId, $"A user id is {Name.Rule}.");
        if (TimeRange.Of(request.From, request.To, out var range) is { } noRange) return noRange;
        if (Paging.CheckLimit(request.Limit) is { } noLimit) return noLimit;

        list = $"ledger|{request.UserId}|{range.From:O}|{range.To:O}";
        if (Paging.CheckCursor(request.Cursor, list, out var before) is { } noCursor) return noCursor;
        query = new EntriesQuery(request.UserId, range, before?.EntryNumber, (int)request.Limit + 1);
        return null;
    }

    LedgerPage Page(ListLedger request, string list, Rows<LedgerEntry> rows)
    {
        var items = rows.Items.Take((int)request.Limit).ToList();
        return new LedgerPage
        {
            UserId = request.UserId,
            Items = items.ConvertAll(Line),
            NextCursor = rows.Items.Count > items.Count ? Cursor.Write(list, new Position(items[^1].EnteredAt, items[^1].EntryNumber)) : null,
            CarriedForward = rows.CarriedForward,
            Currency = rules.Currency,
        };
    }

    static LedgerLine Line(LedgerEntry entry) => new()
    {
        Kind = KindOf(entry.Kind),
        OperationId = entry.OperationId,
        Amount = entry.Amount,
        BalanceAfter = entry.BalanceAfter,
        EnteredAt = entry.EnteredAt,
        Actor = entry.Actor,
        Reason = entry.Reason,
    };

    static string KindOf(EntryKind kind) => kind switch
    {
        EntryKind.Credit => "credit",
        EntryKind.Refund => "refund",
        EntryKind.Reversal => "reversal",
        EntryKind.Adjustment => "adjustment",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No name for this kind of entry."),
    };

    LedgerPage No(ListLedger request, string code, string detail) => new() { UserId = request.UserId ?? "", Code = code, Detail = detail, Currency = rules.Currency };
}
