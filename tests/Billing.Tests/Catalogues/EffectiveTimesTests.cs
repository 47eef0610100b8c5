using Billing.Service.Catalogues;

namespace Billing.Tests.Catalogues;

public sealed class EffectiveTimesTests
{
    static readonly DateTimeOffset Now = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);
    static readonly ServiceOffer Offer = ServiceOffer.New(1, "ocr", PricedBy.Catalogue, new UnitPrice(Money.Parse("1"), 1), freeUnits: 5);

    [Theory]
    [InlineData(0, 60)]
    [InlineData(1, 61)]
    [InlineData(999_999, 61)]
    [InlineData(1_000_000, 61)]
    public void A_price_that_names_no_time_begins_60_seconds_ahead_rounded_up_to_the_second(long microseconds, int secondsAhead)
    {
        var now = Now.AddMicroseconds(microseconds);
        Assert.Equal(Now.AddSeconds(secondsAhead), EffectiveTimes.NextPrice(now));
        Assert.Null(EffectiveTimes.CheckPrice(Offer, EffectiveTimes.NextPrice(now), now));
    }

    [Fact]
    public void A_price_begins_60_seconds_ahead_or_later_and_the_refusal_names_the_earliest_time()
    {
        Assert.Null(EffectiveTimes.CheckPrice(Offer, Now.AddSeconds(60), Now));
        var refusal = EffectiveTimes.CheckPrice(Offer, Now.AddSeconds(60).AddMicroseconds(-1), Now);
        Assert.Equal(ErrorCodes.EffectiveTooEarly, refusal?.Code);
        Assert.Contains("2026-11-22T10:01:00.0000000+00:00", refusal!.Detail);
    }

    [Fact]
    public void A_price_begins_after_every_version_that_is_there()
    {
        var planned = Offer with { Prices = [.. Offer.Prices, new PriceVersion(2, new UnitPrice(Money.Parse("2"), 1), Now.AddDays(1))] };
        Assert.Equal(ErrorCodes.EffectiveTooEarly, EffectiveTimes.CheckPrice(planned, Now.AddHours(1), Now)?.Code);
        Assert.Equal(ErrorCodes.EffectiveTooEarly, EffectiveTimes.CheckPrice(planned, Now.AddDays(1), Now)?.Code);
        Assert.Null(EffectiveTimes.CheckPrice(planned, Now.AddDays(1).AddMicroseconds(1), Now));
    }

    [Theory]
    [InlineData("UTC", "2026-11-22T10:00:00Z", 2026, 12)]
    [InlineData("UTC", "2026-12-31T12:00:00Z", 2027, 1)]
    [InlineData("Asia/Kathmandu", "2026-11-30T18:08:59Z", 2026, 12)] // 23:53:59 there
    [InlineData("Asia/Kathmandu", "2026-11-30T18:09:00Z", 2027, 1)] // 23:54 there: usage that is five minutes ahead may have December's quota
    [InlineData("Asia/Kathmandu", "2026-11-30T18:15:00Z", 2027, 1)] // December has begun there
    public void A_free_quota_changes_from_the_next_month_of_the_billing_time_zone_on(string zone, string now, int year, int month)
    {
        var calendar = new BillingCalendar(TimeZoneInfo.FindSystemTimeZoneById(zone));
        var (at, earliest) = (DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture), new DateOnly(year, month, 1));

        Assert.Equal(earliest, EffectiveTimes.NextMonth(calendar, at));
        Assert.Null(EffectiveTimes.CheckMonth(Offer, earliest, calendar, at));
        var refusal = EffectiveTimes.CheckMonth(Offer, earliest.AddMonths(-1), calendar, at);
        Assert.Equal(ErrorCodes.EffectiveTooEarly, refusal?.Code);
        Assert.Contains($"{earliest:yyyy-MM}", refusal!.Detail);
    }

    [Fact]
    public void Planned_months_are_not_passed_over_but_the_last_may_be_planned_again()
    {
        var calendar = new BillingCalendar(TimeZoneInfo.Utc);
        var planned = Offer with { FreeQuotas = [.. Offer.FreeQuotas, new FreeQuotaVersion(2, 9, new DateOnly(2027, 3, 1))] };
        Assert.Equal(ErrorCodes.EffectiveTooEarly, EffectiveTimes.CheckMonth(planned, new DateOnly(2027, 2, 1), calendar, Now)?.Code);
        Assert.Null(EffectiveTimes.CheckMonth(planned, new DateOnly(2027, 3, 1), calendar, Now));
    }
}
