using Billing.Contracts;
using Billing.Demo.Replay;
using Billing.Service.Charging;

namespace Billing.Tests.Demo.Replay;

/// <summary>The demo's verdict on a replay: one total that differs is one too many.</summary>
public sealed class ReplayCheckTests
{
    static readonly UserService Ann = new("ann", "blog"), Bob = new("bob", "blog");

    [Fact]
    public void The_free_quota_of_each_month_pays_first()
    {
        var counted = new Dictionary<(UserService, string), (long, Int128)> { [(Ann, "2026-05")] = (12, 0), [(Ann, "2026-06")] = (3, 0), [(Bob, "2026-06")] = (11, 0) };

        var expected = ReplayCheck.Expected(counted, Books());

        Assert.Equal(new CallTotals(15, 15, 13, 15_000_000, 2_000_000), expected[Ann]);
        Assert.Equal(new CallTotals(11, 11, 10, 11_000_000, 1_000_000), expected[Bob]);
    }

    [Fact]
    public void What_the_same_is_has_no_problem_and_what_differs_has_one_each()
    {
        var right = new Dictionary<UserService, CallTotals> { [Ann] = new(3, 3, 1, 30, 20), [Bob] = new(1, 1, 1, 10, 0) };

        Assert.Empty(ReplayCheck.Problems(right, new Dictionary<UserService, CallTotals>(right)));
        foreach (var wrong in new CallTotals[] { new(2, 3, 1, 30, 20), new(3, 2, 1, 30, 20), new(3, 3, 2, 30, 20), new(3, 3, 1, 31, 20), new(3, 3, 1, 30, 21) })
            Assert.StartsWith("ann, blog", Assert.Single(ReplayCheck.Problems(right, new Dictionary<UserService, CallTotals>(right) { [Ann] = wrong })));
        Assert.StartsWith("bob, blog", Assert.Single(ReplayCheck.Problems(right, new Dictionary<UserService, CallTotals> { [Ann] = right[Ann] })));
        Assert.StartsWith("bob, blog", Assert.Single(ReplayCheck.Problems(new Dictionary<UserService, CallTotals> { [Ann] = right[Ann] }, right)));
    }

    static ReplayBooks Books() => new()
    {
        Zone = TimeZoneInfo.Utc,
        Services = new Dictionary<string, ServiceTerms> { ["blog"] = new(PricedBy.Catalogue, [(Money.Parse("0.001"), 1)], [("2000-01", 10)]) },
    };
}
