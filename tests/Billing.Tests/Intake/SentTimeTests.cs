using Billing.Service.Intake;

namespace Billing.Tests.Intake;

public sealed class SentTimeTests
{
    [Fact]
    public void A_timestamp_is_read_as_seconds() =>
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero), SentTime.OfUnixSeconds(1_795_348_800));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1_795_348_800_000)]
    [InlineData(long.MaxValue)]
    public void A_timestamp_that_no_clock_shows_says_nothing_and_costs_nothing(long seconds) => Assert.Null(SentTime.OfUnixSeconds(seconds));
}
