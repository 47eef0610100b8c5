namespace Billing.Tests.Charging;

public sealed class PricingTests
{
    readonly PlainLedger _ledger = new();

    [Theory]
    [InlineData("0.01", 1, 1, "0.01")]
    [InlineData("0.15", 1000, 1, "0.00015")]
    [InlineData("0.15", 1000, 1_000_000_000, "150000")]
    [InlineData("0.000000001", 1000, 499, "0")]
    [InlineData("0.000000001", 1000, 500, "0.000000001")] // half a nano goes up
    [InlineData("0.000000001", 1000, 1499, "0.000000001")]
    [InlineData("0.000000001", 1000, 1500, "0.000000002")]
    [InlineData("9223372036.854775807", 1_000_000_000, 1_000_000_000, "9223372036.854775807")] // the product needs 93 bits
    [InlineData("9223372036.854775807", 9_223_372_036_854_775_807, 1_000_000_000, "1")]
    [InlineData("0", 1, 1_000_000_000, "0")]
    public void A_catalogue_price_is_an_amount_per_a_number_of_units_rounded_half_up_to_one_nano(string amount, long perUnits, long quantity, string cost)
    {
        Assert.Equal(Money.Parse(cost), new UnitPrice(Money.Parse(amount), perUnits).Cost(quantity));
    }

    [Theory]
    [InlineData("9223372036.854775807", 1, 2)]
    [InlineData("9.223372037", 1, 1_000_000_000)]
    public void A_price_beyond_what_money_can_count_throws_and_never_wraps(string amount, long perUnits, long quantity)
    {
        Assert.Throws<OverflowException>(() => new UnitPrice(Money.Parse(amount), perUnits).Cost(quantity));
    }

    [Fact]
    public void A_cost_named_for_a_service_that_the_catalogue_prices_is_refused()
    {
        Assert.Equal(ErrorCodes.CostNotAllowed, _ledger.Refuse(new ChargeUsage(Shop.Usage(Shop.Ocr, cost: "0.01"))));
        Assert.Equal(ErrorCodes.CostNotAllowed, _ledger.Refuse(new ChargeUsage(Shop.Usage(Shop.Ocr, cost: "0"))));
        Assert.Equal(Money.Zero, _ledger.Balance());
    }

    [Fact]
    public void A_service_that_the_gateway_prices_needs_its_cost()
    {
        Assert.Equal(ErrorCodes.CostMissing, _ledger.Refuse(new ChargeUsage(Shop.Usage(Shop.Llm))));
    }

    [Fact]
    public void A_gateways_cost_is_the_total_whatever_the_quantity_and_carries_no_price_version()
    {
        var record = _ledger.Charge(Shop.Usage(Shop.Llm, 1_000, "0.123456789")).Record;

        Assert.Equal((Money.Parse("0.123456789"), Money.Parse("0.123456789"), 0), (record.Cost, record.Amount, record.PriceVersion));
    }

    [Fact]
    public void A_gateways_cost_of_zero_is_charged_as_zero()
    {
        Assert.Equal(Money.Zero, _ledger.Charge(Shop.Usage(Shop.Llm, 5, "0")).Record.Amount);
    }

    [Fact]
    public void Late_usage_is_priced_as_of_when_it_occurred_and_its_record_names_the_version()
    {
        // One tick of the wire's microseconds before the rise, and the very moment of it.
        var before = _ledger.Charge(Shop.Usage(Shop.Search, 6, at: Shop.PriceRise.AddMicroseconds(-1))).Record;
        var after = _ledger.Charge(Shop.Usage(Shop.Search, 6, at: Shop.PriceRise)).Record;

        Assert.Equal((1, Money.Parse("0.06")), (before.PriceVersion, before.Cost));
        Assert.Equal((2, Money.Parse("0.12")), (after.PriceVersion, after.Cost));
    }

    [Fact]
    public void Usage_that_is_ahead_of_the_databases_clock_does_not_reach_for_a_price_to_come()
    {
        // Until it begins, another price may still be planned for then: the record would name the wrong one.
        _ledger.Now = Shop.PriceRise.AddMicroseconds(-1);
        Assert.Equal(1, _ledger.Charge(Shop.Usage(Shop.Search, at: Shop.PriceRise.AddMinutes(4), id: Shop.NewIdWithoutTime())).Record.PriceVersion);
        _ledger.Now = Shop.PriceRise;
        Assert.Equal(2, _ledger.Charge(Shop.Usage(Shop.Search, at: Shop.PriceRise.AddMinutes(4), id: Shop.NewIdWithoutTime())).Record.PriceVersion);
    }

    [Fact]
    public void An_unknown_service_is_refused_and_so_is_one_that_had_no_price_yet()
    {
        var young = new ServiceOffer(1, "young", PricedBy.Catalogue, [new PriceVersion(1, new UnitPrice(Money.Parse("1"), 1), Shop.Now)], []);
        var ledger = new PlainLedger(new ChargingRules(new Catalogue(1, [young]), new BillingCalendar(TimeZoneInfo.Utc)));

        Assert.Equal(ErrorCodes.UnknownService, ledger.Refuse(new ChargeUsage(Shop.Usage("nothing"))));
        Assert.Equal(ErrorCodes.UnknownService, ledger.Refuse(new ChargeUsage(Shop.Usage("young", at: Shop.Now.AddSeconds(-1)))));
        Assert.Equal(Money.Parse("1"), ledger.Charge(Shop.Usage("young")).Record.Amount);
    }

    [Fact]
    public void A_services_name_is_matched_letter_by_letter()
    {
        Assert.Equal(ErrorCodes.UnknownService, _ledger.Refuse(new ChargeUsage(Shop.Usage("OCR"))));
    }
}
