using System.Globalization;
using Billing.Service.Charging;

namespace Billing.Demo.Replay;

/// <summary>Holds what the database charged for a recording against what the recording comes to, user by user and service by service.</summary>
static class ReplayCheck
{
    /// <summary>What must be charged, from the count of the file and the terms of sale.</summary>
    public static Dictionary<UserService, CallTotals> Expected(IReadOnlyDictionary<(UserService Key, string Month), (long Calls, Int128 CostNanos)> counted, ReplayBooks books)
    {
        var expected = new Dictionary<UserService, CallTotals>();
        foreach (var ((key, month), (calls, costNanos)) in counted)
        {
            var terms = books.Services[key.Service];
            var (otherUnits, otherFree) = books.OthersIn(key, month);
            // The free quota pays until it is empty, whoever comes first: what others had of it the recording has not.
            var free = Math.Min(terms.FreeIn(month), otherUnits + calls) - otherFree;
            var cost = terms.PricedBy == PricedBy.Gateway ? costNanos : calls * CallNanos(terms);
            var paid = terms.PricedBy == PricedBy.Gateway ? PaidShare(costNanos, free) : (calls - free) * CallNanos(terms);
            expected[key] = expected.GetValueOrDefault(key) + new CallTotals(calls, calls, free, cost, paid);
        }
        return expected;
    }

    /// <summary>Empty when both are the same.</summary>
    public static IReadOnlyList<string> Problems(IReadOnlyDictionary<UserService, CallTotals> expected, IReadOnlyDictionary<UserService, CallTotals> charged) =>
    [
        .. from key in expected.Keys.Union(charged.Keys)
           let wanted = expected.GetValueOrDefault(key)
           let found = charged.GetValueOrDefault(key)
           where wanted != found
           orderby key.User, key.Service
           select $"{key.User}, {key.Service}: the file says {Text(wanted)}, the database {Text(found)}",
    ];

    public static string Amount(Int128 nanos) => ((decimal)nanos / 1_000_000_000).ToString("0.00#######", CultureInfo.InvariantCulture);

    static Int128 CallNanos(ServiceTerms terms) => terms.Prices is [var (amount, perUnits)]
        ? new UnitPrice(amount, perUnits).Cost(1).Nanos
        : throw new DemoFailure("A service of the recording has had more than one price: what its calls come to cannot be told from their number.");

    static Int128 PaidShare(Int128 cost, long free) => free == 0
        ? cost
        : throw new DemoFailure("A service that the gateway prices has a free quota: which of the calls it pays depends on their order, and the sum cannot be told from the file.");

    static string Text(CallTotals totals) => string.Create(CultureInfo.InvariantCulture,
        $"{totals.Usages} usages, {totals.FreeUnits} units free, {totals.PaidUnits} paid, {Amount(totals.AmountNanos)} of {Amount(totals.CostNanos)}");
}
