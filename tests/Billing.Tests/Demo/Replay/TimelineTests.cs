using Billing.Demo.Replay;

namespace Billing.Tests.Demo.Replay;

public sealed class TimelineTests
{
    static readonly DateTimeOffset First = new(2015, 5, 17, 10, 0, 0, TimeSpan.Zero), Anchor = new(2026, 6, 20, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_last_call_is_at_the_anchor_and_the_others_as_long_before_it_as_recorded()
    {
        var timeline = new Timeline(First, First.AddDays(3), Anchor);

        Assert.Equal(Anchor, timeline.Shifted(First.AddDays(3)));
        Assert.Equal(Anchor.AddDays(-3), timeline.Shifted(First));
        Assert.Equal(Anchor.AddHours(-1), timeline.Shifted(First.AddDays(3).AddHours(-1)));
        Assert.False(timeline.IsCompressed);
    }

    [Fact]
    public void A_recording_of_a_year_is_compressed_so_that_all_of_it_can_be_charged()
    {
        var timeline = new Timeline(First, First.AddDays(340), Anchor);

        Assert.True(timeline.IsCompressed);
        Assert.Equal((Anchor.AddDays(-34), Anchor), (timeline.Begin, timeline.Shifted(First.AddDays(340))));
        Assert.Equal(Anchor.AddDays(-17), timeline.Shifted(First.AddDays(170)));
    }

    [Fact]
    public void A_time_has_whole_microseconds() =>
        Assert.Equal(0, new Timeline(First, First.AddDays(1), Anchor.AddTicks(10)).Shifted(First.AddTicks(3)).UtcTicks % TimeSpan.TicksPerMicrosecond);

    [Fact]
    public void One_call_alone_is_at_the_anchor() => Assert.Equal(Anchor, new Timeline(First, First, Anchor).Shifted(First));
}
