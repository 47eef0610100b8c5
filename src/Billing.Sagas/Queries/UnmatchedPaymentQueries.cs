using Billing.Sagas.Desk;
using Microsoft.EntityFrameworkCore;

namespace Billing.Sagas.Queries;

/// <summary>Answers <see cref="ListUnmatchedPayments"/> for every door.</summary>
public sealed class UnmatchedPaymentQueries
{
    const int LimitMax = 500;

    readonly RechargesDb _db;

    internal UnmatchedPaymentQueries(RechargesDb db) => _db = db;

    public async Task<UnmatchedPaymentList> List(ListUnmatchedPayments request, CancellationToken cancellationToken)
    {
        if (request.Limit is < 1 or > LimitMax) return new() { Code = ErrorCodes.InvalidLimit, Detail = $"limit is 1 to {LimitMax}." };

        var payments = _db.UnmatchedPayments.AsNoTracking();
        if (!request.Resolved) payments = payments.Where(payment => payment.ResolvedAt == null);
        if (request.Cursor is { } text)
        {
            if (!PageCursor.TryParse(text, out var cursor)) return new() { Code = ErrorCodes.InvalidCursor, Detail = "cursor is the nextCursor of the page before." };
            var (at, id) = (cursor.At, cursor.Id);
            payments = payments.Where(payment => payment.ReceivedAt > at || (payment.ReceivedAt == at && payment.UnmatchedId > id));
        }

        var page = await payments.OrderBy(payment => payment.ReceivedAt).ThenBy(payment => payment.UnmatchedId).Take(request.Limit + 1).ToListAsync(cancellationToken);
        var items = page.Take(request.Limit).ToList();
        return new UnmatchedPaymentList
        {
            Items = [.. items.Select(UnmatchedAnswers.Status)],
            NextCursor = page.Count > request.Limit ? new PageCursor(items[^1].ReceivedAt, items[^1].UnmatchedId).ToString() : null,
        };
    }
}
