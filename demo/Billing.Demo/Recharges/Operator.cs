using Billing.Contracts;

namespace Billing.Demo.Recharges;

/// <summary>A person who decides on money that is not as ordered: credits one recharge in review, and gives one unmatched payment to its user.</summary>
sealed class Operator(IRechargeDoor door, TimeProvider time)
{
    const string Name = "olga";

    readonly List<(Guid RechargeId, string UserId, Money Amount)> _decided = [];

    public int Resolved { get; private set; }

    public int Assigned { get; private set; }

    public async Task Decide(RechargeBooks books, CancellationToken giveUp)
    {
        if (books.Recharges.Where(row => row.State == "NeedsReview" && row.PaidCurrency == row.Currency).OrderBy(row => row.RechargeId).FirstOrDefault() is { } review)
        {
            var decision = new ResolveRecharge { RechargeId = review.RechargeId, Credit = review.Paid, Actor = Name, Reason = "the payer sent the receipt" };
            var answer = await Patience.UntilAnswered(cancellationToken => door.Resolve(decision, cancellationToken), time, giveUp);
            if (answer is not { Code: null }) throw new DemoFailure($"The operator could not credit recharge {review.RechargeId}: {answer?.Code ?? "no answer"}, {answer?.Detail}");
            _decided.Add((review.RechargeId, review.UserId, review.Paid));
            Resolved++;
        }

        var owners = books.Recharges.ToDictionary(row => row.RechargeId, row => row.UserId);
        if (books.Unmatched.FirstOrDefault(kept => kept is { Reason: RechargeReasons.SecondPayment, RefundId: null } && owners.ContainsKey(kept.RechargeId)) is { } unmatched)
        {
            var user = owners[unmatched.RechargeId];
            var decision = new AssignPayment { UnmatchedId = unmatched.UnmatchedId, UserId = user, Actor = Name, Reason = "paid twice, and wants to keep it" };
            var answer = await Patience.UntilAnswered(cancellationToken => door.Assign(decision, cancellationToken), time, giveUp);
            if (answer is not { Code: null })
                throw new DemoFailure($"The operator could not assign payment {unmatched.PaymentId} of recharge {unmatched.RechargeId}: {answer?.Code ?? "no answer"}, {answer?.Detail}");
            _decided.Add((unmatched.UnmatchedId, user, unmatched.Amount));
            Assigned++;
        }
    }

    /// <summary>What was decided and is not credited, just so.</summary>
    public IEnumerable<string> Problems(RechargeBooks books) =>
        from decision in _decided
        where !books.Entries.Any(entry => entry.RefundId is null && (entry.RechargeId, entry.UserId, entry.Amount) == decision)
        select $"recharge {decision.RechargeId}: the operator credited {decision.Amount} to {decision.UserId}, and it is not entered";
}
