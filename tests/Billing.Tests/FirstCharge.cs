using Billing.Contracts;
using Billing.Service.Charging;
using Xunit;

namespace Billing.Tests;

public sealed class FirstCharge
{
    [Fact]
    public void The_free_quota_pays_first_and_the_balance_pays_the_rest()
    {
        var split = ChargeSplit.Of(quantity: 7, Money.Parse("0.28"), freeUnitsLeft: 5);

        Assert.Equal(new ChargeSplit(FreeUnits: 5, PaidUnits: 2, Money.Parse("0.08")), split);
    }
}
