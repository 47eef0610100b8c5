namespace Billing.FaultTests.Harness.Recharges;

/// <summary>What became of the recharges.</summary>
sealed record RechargeVerdict
{
    public required IReadOnlyList<(Guid Recharge, long Nanos)> Completed { get; init; }
    public required IReadOnlyList<(Guid Recharge, long Nanos)> Credits { get; init; }
    public required long OtherStates { get; init; }
    public required long Unmatched { get; init; }

    /// <summary>Messages that changed one recharge more than once.</summary>
    public required long ConsumedTwice { get; init; }

    /// <summary>Messages in an outbox that are due.</summary>
    public required long Undelivered { get; init; }

    /// <summary>Whether every order is completed and nothing is under way any more.</summary>
    public bool IsQuiet(int ordered) => Completed.Count == ordered && Credits.Count >= ordered && Undelivered == 0;

    /// <summary>Everything that is not as it must be, in words.</summary>
    public IEnumerable<string> Wrong(IReadOnlyDictionary<Guid, string> ordered, IReadOnlyDictionary<Guid, string> paid)
    {
        var expected = ordered.Where(order => paid.ContainsKey(order.Key)).ToDictionary(order => order.Key, order => (long)(decimal.Parse(order.Value, System.Globalization.CultureInfo.InvariantCulture) * 1_000_000_000m));
        foreach (var order in ordered.Keys.Except(paid.Keys)) yield return $"recharge {order} never reached the payment service";
        foreach (var (recharge, nanos) in expected)
        {
            var credits = Credits.Where(credit => credit.Recharge == recharge).Select(credit => credit.Nanos).ToArray();
            if (credits is not [var credited] || credited != nanos) yield return $"recharge {recharge} of {nanos} nanos was credited [{string.Join(", ", credits)}]";
        }
        foreach (var credit in Credits.Where(credit => !expected.ContainsKey(credit.Recharge))) yield return $"a credit of {credit.Nanos} nanos for {credit.Recharge}, which nobody paid";
        if (OtherStates > 0) yield return $"{OtherStates} recharges are not completed";
        if (Unmatched > 0) yield return $"{Unmatched} payments are unmatched";
        if (ConsumedTwice > 0) yield return $"{ConsumedTwice} messages changed their recharge twice";
        if (Undelivered > 0) yield return $"{Undelivered} messages were not delivered";
    }

    public override string ToString() => $"completed={Completed.Count} credits={Credits.Count} other_states={OtherStates} unmatched={Unmatched} consumed_twice={ConsumedTwice} undelivered={Undelivered}";
}
