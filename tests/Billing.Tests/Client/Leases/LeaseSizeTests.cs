using Billing.Client;
using Billing.Client.Leases;

namespace Billing.Tests.Client.Leases;

public sealed class LeaseSizeTests
{
    static readonly QuotaGateOptions Options = new() { UnitsMin = 10, UnitsMax = 5_000, FirstCalls = 20, FundsShare = 4 };

    [Theory]
    // The rate is not known: so many calls like the one that asks.
    [InlineData(1, 1, null, null, null, 20)]
    [InlineData(300, 300, null, null, null, 5_000)]
    // Enough for 30 seconds at the rate, no more than four times the last one, within the bounds.
    [InlineData(1, 1, 10.0, 200L, null, 300)]
    [InlineData(1, 1, 100.0, 200L, null, 800)]
    [InlineData(1, 1, 1_000.0, 4_000L, null, 5_000)]
    [InlineData(1, 1, 0.0, 200L, null, 10)]
    // Whoever waits is served, and a call larger than the bound has its lease.
    [InlineData(1, 900, 10.0, 200L, null, 900)]
    [InlineData(8_000, 8_000, null, null, null, 8_000)]
    // A part of the last funds, but no less than waits or is needed.
    [InlineData(1, 1, 10.0, 200L, 100L, 25)]
    [InlineData(1, 60, 10.0, 200L, 100L, 60)]
    [InlineData(40, 40, 10.0, 200L, 100L, 40)]
    [InlineData(1, 1, 10.0, 200L, 2L, 1)]
    public void A_lease_has_units_for_its_time_and_shares_the_last_funds(long least, long waiting, double? perSecond, long? last, long? affordable, long units)
    {
        LeaseSize.Pace? pace = perSecond is { } rate ? new LeaseSize.Pace(rate, last!.Value) : null;

        Assert.Equal(units, LeaseSize.Of(least, waiting, pace, affordable, Options));
    }
}
