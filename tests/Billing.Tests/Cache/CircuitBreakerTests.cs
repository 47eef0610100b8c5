using Billing.Service.Quota.Caching.Redis;

namespace Billing.Tests.Cache;

public sealed class CircuitBreakerTests
{
    static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(5);

    readonly Clock _clock = new();
    readonly CircuitBreaker _breaker;

    public CircuitBreakerTests() => _breaker = new CircuitBreaker(failuresMax: 3, PauseMax, _clock);

    [Fact]
    public void It_opens_after_so_many_failures_in_a_row_and_not_before()
    {
        for (var i = 0; i < 10; i++)
        {
            _breaker.Failed();
            _breaker.Failed();
            Assert.True(_breaker.TryPass());
            _breaker.Succeeded();
        }

        for (var i = 0; i < 3; i++) _breaker.Failed();

        Assert.True(_breaker.IsOpen);
        Assert.False(_breaker.TryPass());
    }

    [Fact]
    public void One_looks_after_a_pause_that_doubles_up_to_its_limit()
    {
        for (var i = 0; i < 3; i++) _breaker.Failed();
        var pauses = new List<int>();
        for (var i = 0; i < 9; i++)
        {
            var waited = 0;
            for (; !_breaker.TryPass(); waited += 50) _clock.Advance(TimeSpan.FromMilliseconds(50));
            Assert.False(_breaker.TryPass());
            _breaker.Failed();
            pauses.Add(waited);
        }

        Assert.Equal([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000], pauses);
    }

    [Fact]
    public void Calls_that_were_under_way_when_it_opened_make_no_pause_longer()
    {
        for (var i = 0; i < 300; i++) _breaker.Failed();

        _clock.Advance(TimeSpan.FromMilliseconds(100));

        Assert.True(_breaker.TryPass());
    }

    [Fact]
    public void One_success_closes_it()
    {
        for (var i = 0; i < 3; i++) _breaker.Failed();
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        Assert.True(_breaker.TryPass());

        _breaker.Succeeded();

        Assert.False(_breaker.IsOpen);
        Assert.True(_breaker.TryPass() && _breaker.TryPass());
    }

    [Fact]
    public void Who_looked_and_was_never_heard_of_again_does_not_keep_it_open_for_good()
    {
        for (var i = 0; i < 3; i++) _breaker.Failed();
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        Assert.True(_breaker.TryPass());

        _clock.Advance(TimeSpan.FromMilliseconds(100));

        Assert.True(_breaker.TryPass());
    }

    sealed class Clock : TimeProvider
    {
        long _ticks = TimeSpan.TicksPerDay;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Advance(TimeSpan span) => _ticks += span.Ticks;

        public override long GetTimestamp() => _ticks;
    }
}
