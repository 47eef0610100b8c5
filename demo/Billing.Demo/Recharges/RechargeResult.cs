using Billing.Contracts;

namespace Billing.Demo.Recharges;

/// <summary>What became of the run's recharges.</summary>
/// <param name="Resolved">Recharges in review that the operator decided on.</param>
/// <param name="Assigned">Unmatched payments that the operator gave to their user.</param>
/// <param name="Problems">Differences between the books and what was paid.</param>
sealed record RechargeResult(int Started, RechargeBooks Books, int Resolved, int Assigned, IReadOnlyList<string> Problems)
{
    public bool Holds => Problems.Count == 0;

    public Money Credited => new(Books.Entries.Where(entry => entry.RefundId is null).Sum(entry => entry.Amount.Nanos));

    public Money Refunded => new(-Books.Entries.Where(entry => entry.RefundId is not null).Sum(entry => entry.Amount.Nanos));

    public int Late => Books.Recharges.Count(row => row.Late);

    public IReadOnlyDictionary<string, int> ByState => Count(Books.Recharges.Select(row => row.State));

    /// <summary>What stands in <c>unmatched_payments</c>, by its reason.</summary>
    public IReadOnlyDictionary<string, int> Unmatched => Count(Books.Unmatched.Select(row => row.Reason));

    static SortedDictionary<string, int> Count(IEnumerable<string> words) =>
        new(words.GroupBy(word => word).ToDictionary(group => group.Key, group => group.Count()), StringComparer.Ordinal);
}
