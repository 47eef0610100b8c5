namespace Billing.Service.Charging;

/// <summary>
/// What is set for an account and moves no money: how far it may go below zero, and when its owner is told. The log alone remembers the
/// ids of these operations, for none of them has an entry.
/// </summary>
sealed class Limits(Snapshot snapshot, Limits.Sign sign)
{
    public delegate OperatorAct Sign(string kind, Guid operationId, long? accountId, string? subject, string actor, string reason, params OperatorActChange[] changes);

    public Outcome Decide(LimitOverdraft limit)
    {
        var account = snapshot.Accounts[limit.Owner];
        if (snapshot.Acts.TryGetValue((ActKinds.SetOverdraft, limit.OperationId), out var known))
        {
            var stored = ActChanges.ReadOverdraft(known) with { Duplicate = true };
            return known.AccountId == account.AccountId && stored.After == limit.Limit
                ? stored
                : Reused($"Id {limit.OperationId} has set an overdraft limit already, of another user or to another amount; the first stands.");
        }

        var before = account.Funds;
        var after = before with { OverdraftLimit = limit.Limit };
        if (before.Held > Money.Zero && after.Available.IsNegative)
            return new Refused(new Refusal(ErrorCodes.InsufficientFunds, $"{before.Held} is held, and with a limit of {limit.Limit} the funds would not cover it."));

        account.LimitOverdraft(limit.Limit);
        var outcome = new OverdraftLimited(before.OverdraftLimit, after.OverdraftLimit, after.Available, Duplicate: false);
        sign(ActKinds.SetOverdraft, limit.OperationId, account.AccountId, subject: null, limit.Actor, limit.Reason, ActChanges.OfOverdraft(before, after));
        return outcome;
    }

    public Outcome Decide(WatchBalance watch)
    {
        var account = snapshot.Accounts[watch.Owner];
        if (snapshot.Acts.TryGetValue((ActKinds.SetBalanceAlert, watch.OperationId), out var known))
        {
            var stored = ActChanges.ReadBalanceAlert(known) with { Duplicate = true };
            return known.AccountId == account.AccountId && stored.After == watch.Threshold
                ? stored
                : Reused($"Id {watch.OperationId} has set a threshold already, of another user or to another amount; the first stands.");
        }

        var before = account.Alert.OwnThreshold;
        account.WatchBalance(watch.Threshold);
        var outcome = new BalanceWatched(before, watch.Threshold, account.Funds.Available, Duplicate: false);
        sign(ActKinds.SetBalanceAlert, watch.OperationId, account.AccountId, subject: null, watch.Actor, watch.Reason, ActChanges.OfBalanceAlert(outcome));
        return outcome;
    }

    static Refused Reused(string detail) => new(new Refusal(ErrorCodes.OperationIdReused, detail));
}
