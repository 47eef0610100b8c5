namespace Billing.Tests.Charging;

public sealed class FreeQuotaTests
{
    readonly PlainLedger _ledger = new();

    [Fact]
    public void Free_quota_is_spent_before_prepaid_balance()
    {
        _ledger.Open("ann", Money.Parse("1"));

        var record = _ledger.Charge(Shop.Usage(quantity: 10)).Record;

        Assert.Equal((10, 0, Money.Zero), (record.FreeUnits, record.PaidUnits, record.Amount));
        Assert.Equal(Money.Parse("1"), _ledger.Balance());
    }

    [Fact]
    public void A_usage_beyond_what_is_free_is_split_and_only_the_rest_is_paid()
    {
        _ledger.Open("ann", Money.Parse("1"));
        _ledger.Charge(Shop.Usage(quantity: 7));

        var record = _ledger.Charge(Shop.Usage(quantity: 5)).Record;

        Assert.Equal((3, 2, Money.Parse("0.02")), (record.FreeUnits, record.PaidUnits, record.Amount));
        Assert.Equal((Money.Parse("0.05"), 0, Money.Parse("0.98")), (record.Cost, record.FreeUnitsAfter, record.BalanceAfter));
    }

    [Theory]
    [InlineData(11, "0.000000010", "0.000000001")] // 10 x 1 / 11 = 0.9 nanos
    [InlineData(20, "0.000000003", "0.000000002")] // 3 x 10 / 20 = 1.5 nanos: half goes up
    [InlineData(30, "0.000000001", "0.000000001")] // 1 x 20 / 30 = 0.7 nanos
    [InlineData(15, "0.000000001", "0")] // 1 x 5 / 15 = 0.3 nanos
    [InlineData(1_000_000_000, "9223372036.854775807", "9223371944.621055438")] // x 999,999,990 / 1,000,000,000, needs 128 bits
    public void Of_a_gateways_total_cost_the_balance_pays_the_share_of_the_paid_units_rounded_half_up_once(long quantity, string cost, string paid)
    {
        var record = _ledger.Charge(Shop.Usage(Shop.Agent, quantity, cost)).Record;

        Assert.Equal(10, record.FreeUnits);
        Assert.Equal(Money.Parse(paid), record.Amount);
        Assert.Equal(-Money.Parse(paid), _ledger.Balance());
    }

    [Fact]
    public void Each_user_each_service_and_each_month_has_a_free_quota_of_its_own()
    {
        _ledger.Charge(Shop.Usage(quantity: 10));

        Assert.Equal(10, _ledger.Charge(Shop.Usage(quantity: 10, user: "bob")).Record.FreeUnits);
        Assert.Equal(5, _ledger.Charge(Shop.Usage(Shop.Search, 5)).Record.FreeUnits);
        Assert.Equal(10, _ledger.Charge(Shop.Usage(quantity: 10, at: new(2026, 5, 31, 23, 59, 59, TimeSpan.Zero))).Record.FreeUnits);
        Assert.Equal(0, _ledger.Charge(Shop.Usage(quantity: 10)).Record.FreeUnits);
    }

    [Fact]
    public void Free_quota_is_spent_and_renewed_in_debt_too()
    {
        _ledger.Open("ann", Money.Parse("-5"));

        var june = _ledger.Charge(Shop.Usage(quantity: 10)).Record;
        _ledger.Now = new(2026, 7, 1, 0, 0, 0, TimeSpan.Zero);
        var july = Assert.IsType<Charged>(_ledger.Deduct(Shop.Usage(quantity: 10, at: _ledger.Now))).Record;

        Assert.Equal((10, 10), (june.FreeUnits, july.FreeUnits));
        Assert.Equal(Money.Parse("-5"), _ledger.Balance());
    }

    [Fact]
    public void A_new_free_quota_counts_from_its_month_on_and_leaves_the_months_before_alone()
    {
        _ledger.Now = new(2026, 7, 2, 0, 0, 0, TimeSpan.Zero);

        Assert.Equal(5, _ledger.Charge(Shop.Usage(Shop.Search, 30, at: new(2026, 6, 30, 23, 59, 59, TimeSpan.Zero))).Record.FreeUnits);
        Assert.Equal(20, _ledger.Charge(Shop.Usage(Shop.Search, 30, at: new(2026, 7, 1, 0, 0, 0, TimeSpan.Zero))).Record.FreeUnits);
    }

    [Fact]
    public void A_free_quota_that_is_granted_stays_as_granted_though_the_catalogue_now_says_otherwise()
    {
        _ledger.Charge(Shop.Usage(quantity: 4));
        var generous = new Catalogue(2, [Shop.Priced(1, Shop.Call, "0.01", freeUnits: 1000)]);
        var later = new PlainLedger(new ChargingRules(generous, _ledger.Rules.Calendar));
        later.Open("ann");
        later.FreeQuotas.Add(new FreeQuotaKey(later.AccountId(), 1, new DateOnly(2026, 6, 1)), (Granted: 10, Used: 4, Held: 0));

        Assert.Equal(6, later.Charge(Shop.Usage(quantity: 100)).Record.FreeUnits);
    }
}
