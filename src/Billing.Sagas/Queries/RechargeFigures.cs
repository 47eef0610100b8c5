using Billing.ReliableMessaging;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Sagas;

/// <summary>How many recharges wait for somebody, for whoever watches the service. Each count goes by an index of those alone.</summary>
public sealed class RechargeFigures
{
    readonly IServiceScopeFactory _scopes;
    readonly IOutbox<RechargesDb> _outbox;

    internal RechargeFigures(IServiceScopeFactory scopes, IOutbox<RechargesDb> outbox) => (_scopes, _outbox) = (scopes, outbox);

    public async Task<(long Pending, long InReview, long Unmatched, OutboxBacklog Outbox)> Read(CancellationToken cancellationToken)
    {
        await using var scope = _scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<RechargesDb>();
        var pending = await db.Recharges.LongCountAsync(recharge => recharge.CurrentState == "Pending", cancellationToken);
        var inReview = await db.Recharges.LongCountAsync(recharge => recharge.CurrentState == "NeedsReview", cancellationToken);
        var unmatched = await db.UnmatchedPayments.LongCountAsync(payment => payment.ResolvedAt == null, cancellationToken);
        return (pending, inReview, unmatched, await _outbox.ReadBacklog(cancellationToken));
    }
}
