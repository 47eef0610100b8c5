using Billing.Demo.Payments.Journaling;
using Billing.Service.Ledger;

namespace Billing.Demo.Recharges;

/// <summary>The recharges of a run: started beside the traffic, decided on by an operator at the end, and held against the payment service's journal.</summary>
sealed class RechargeRun(RechargeTraffic traffic, IRechargeDoor door, IDatabase database, RechargeTables tables, string journalFile, RechargeBooks before, TimeProvider time)
{
    readonly Operator _operator = new(door, time);

    public Task Send(CancellationToken stop, CancellationToken giveUp) => traffic.Run(stop, giveUp);

    public async Task<bool> IsQuiet() => Problems(await Books()).Count == 0;

    /// <summary>An operator looks at what could not be credited by itself.</summary>
    public async Task Decide(CancellationToken giveUp) => await _operator.Decide(await Books(), giveUp);

    public async Task<RechargeResult> Result()
    {
        var books = await Books();
        return new RechargeResult(traffic.Started.Count, books, _operator.Resolved, _operator.Assigned, Problems(books));
    }

    IReadOnlyList<string> Problems(RechargeBooks books) =>
    [
        .. traffic.Unanswered.Select(order => $"the order {order.IdempotencyKey} of {order.UserId} was never answered"),
        .. RechargeCheck.Problems(traffic.Started, Journal.Read(journalFile), books),
        .. _operator.Problems(books),
    ];

    async Task<RechargeBooks> Books() => (await RechargeBooks.Of(database, tables, CancellationToken.None)).Since(before);
}
