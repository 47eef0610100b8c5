using Microsoft.EntityFrameworkCore;

namespace Billing.Sagas.Queries;

/// <summary>Answers <see cref="GetRecharge"/> and <see cref="ListRecharges"/> for every door. Reads never create anything.</summary>
public sealed class RechargeQueries
{
    const int LimitMax = 500;

    readonly RechargesDb _db;

    internal RechargeQueries(RechargesDb db) => _db = db;

    public async Task<RechargeStatus> Get(Guid rechargeId, CancellationToken cancellationToken) =>
        await Find(rechargeId, cancellationToken) ?? RechargeAnswers.NotFound(rechargeId);

    /// <summary>Null when there is none.</summary>
    public async Task<RechargeStatus?> Find(Guid rechargeId, CancellationToken cancellationToken) =>
        await _db.Recharges.AsNoTracking().SingleOrDefaultAsync(recharge => recharge.CorrelationId == rechargeId, cancellationToken) is { } recharge
            ? RechargeAnswers.Status(recharge)
            : null;

    public async Task<RechargeList> List(ListRecharges request, CancellationToken cancellationToken)
    {
        if (!Names.IsValid(request.UserId)) return Refused(ErrorCodes.InvalidUserId, $"A user id is {Names.Rule}.");
        if (request.Limit is < 1 or > LimitMax) return Refused(ErrorCodes.InvalidLimit, $"limit is 1 to {LimitMax}.");

        var recharges = _db.Recharges.AsNoTracking().Where(recharge => recharge.UserId == request.UserId);
        if (request.State is { } word)
        {
            if (StateNames.OfWord(word) is not { } state) return Refused(ErrorCodes.InvalidState, $"state is one of {string.Join(", ", StateNames.All)}.");
            recharges = recharges.Where(recharge => recharge.CurrentState == state);
        }
        if (request.Cursor is { } text)
        {
            if (!PageCursor.TryParse(text, out var cursor)) return Refused(ErrorCodes.InvalidCursor, "cursor is the nextCursor of the page before.");
            var (at, id) = (cursor.At, cursor.Id);
            recharges = recharges.Where(recharge => recharge.StartedAt < at || (recharge.StartedAt == at && recharge.CorrelationId < id));
        }

        var page = await recharges.OrderByDescending(recharge => recharge.StartedAt).ThenByDescending(recharge => recharge.CorrelationId).Take(request.Limit + 1).ToListAsync(cancellationToken);
        var items = page.Take(request.Limit).ToList();
        return new RechargeList
        {
            Items = [.. items.Select(RechargeAnswers.Status)],
            NextCursor = page.Count > request.Limit ? new PageCursor(items[^1].StartedAt, items[^1].CorrelationId).ToString() : null,
        };
    }

    /// <summary>The orders that the payment service has not answered, oldest first.</summary>
    public async Task<IReadOnlyList<CreatePayment>> AwaitingPayUrl(int limit, CancellationToken cancellationToken) =>
        await _db.Recharges.AsNoTracking().Where(recharge => recharge.CurrentState == nameof(RechargeStateMachine.Pending))
            .OrderBy(recharge => recharge.StartedAt).Take(limit)
            .Select(recharge => new CreatePayment
            {
                RechargeId = recharge.CorrelationId,
                UserId = recharge.UserId,
                Amount = recharge.Amount,
                Currency = recharge.Currency,
                Channel = recharge.Channel,
                ExpiresAt = recharge.ExpiresAt,
            }).ToListAsync(cancellationToken);

    static RechargeList Refused(string code, string detail) => new() { Code = code, Detail = detail };
}
