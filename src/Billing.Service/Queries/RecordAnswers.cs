using Billing.Service.Charging;
using Billing.Service.Ledger;

namespace Billing.Service.Queries;

/// <summary>Answers <see cref="ListRecords"/> for every door.</summary>
public sealed class RecordAnswers(IRecordsReader reader, ILedgerStore store, IRules rules)
{
    public async Task<RecordPage> List(ListRecords request, CancellationToken cancellationToken)
    {
        try
        {
            await rules.CurrentFor([request.Service], cancellationToken);
            if (Read(request, out var query, out var list) is { } wrong) return No(request, wrong.Code, wrong.Detail);
            return await reader.Records(query!, cancellationToken) is { } rows
                ? Page(request, list, rows)
                : No(request, ErrorCodes.AccountNotFound, $"No operation has named user '{request.UserId}' yet.");
        }
        catch (Exception exception) when (store.Classify(exception) == FailureKind.Unavailable)
        {
            return No(request, ErrorCodes.DatabaseUnavailable, Paging.Unavailable);
        }
    }

    /// <summary>The query, with one record more than the page has: whether there is a next page.</summary>
    Refusal? Read(ListRecords request, out RecordsQuery? query, out string list)
    {
        (query, list) = (null, "");
        if (!Name.IsValid(request.UserId)) return new(ErrorCodes.InvalidUserId, $"A user id is {Name.Rule}.");
        if (TimeRange.Of(request.From, request.To, out var range) is { } noRange) return noRange;
        if (Paging.CheckLimit(request.Limit) is { } noLimit) return noLimit;
        if (Services.Find(request.Service, rules, out var serviceId) is { } noService) return noService;

        list = $"records|{request.UserId}|{range.From:O}|{range.To:O}|{request.Service}";
        if (Paging.CheckCursor(request.Cursor, list, out var before) is { } noCursor) return noCursor;
        query = new RecordsQuery(request.UserId, range, serviceId, before, (int)request.Limit + 1);
        return null;
    }

    RecordPage Page(ListRecords request, string list, Rows<RecordRow> rows)
    {
        var items = rows.Items.Take((int)request.Limit).ToList();
        return new RecordPage
        {
            UserId = request.UserId,
            Items = items.ConvertAll(Line),
            NextCursor = rows.Items.Count > items.Count ? Cursor.Write(list, new Position(items[^1].Record.OccurredAt, items[^1].Record.EntryNumber)) : null,
            CarriedForward = rows.CarriedForward,
            Currency = rules.Currency,
        };
    }

    static RecordLine Line(RecordRow row) => new()
    {
        UsageId = row.Record.UsageId,
        Service = row.Service,
        Quantity = row.Record.Quantity,
        FreeUnits = row.Record.FreeUnits,
        PaidUnits = row.Record.PaidUnits,
        Cost = row.Record.Cost,
        Amount = row.Record.Amount,
        PriceVersion = row.Record.PriceVersion,
        QuotaMonth = $"{row.Record.QuotaMonth:yyyy-MM}",
        BalanceAfter = row.Record.BalanceAfter,
        FreeUnitsAfter = row.Record.FreeUnitsAfter,
        OccurredAt = row.Record.OccurredAt,
        ChargedAt = row.Record.ChargedAt,
        Reversed = row.IsReversed,
    };

    RecordPage No(ListRecords request, string code, string detail) => new() { UserId = request.UserId ?? "", Code = code, Detail = detail, Currency = rules.Currency };
}
