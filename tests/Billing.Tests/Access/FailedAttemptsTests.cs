using System.Net;
using Billing.Service.Access;
using Billing.TestSupport;

namespace Billing.Tests.Access;

public sealed class FailedAttemptsTests
{
    readonly HandClock _time = new(new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero));

    [Fact]
    public void An_address_waits_after_twenty_failures_until_its_minute_is_over()
    {
        var failures = new FailedAttempts(_time);
        var address = IPAddress.Parse("192.0.2.1");
        for (var i = 1; i < FailedAttempts.FailuresMax; i++) failures.Add(address);
        Assert.Null(failures.MustWait(address));

        _time.Pass(TimeSpan.FromSeconds(20));
        failures.Add(address);
        Assert.Equal(TimeSpan.FromSeconds(40), failures.MustWait(address));
        Assert.Equal(TimeSpan.FromSeconds(40), failures.MustWait(IPAddress.Parse("::ffff:192.0.2.1")));
        Assert.Null(failures.MustWait(IPAddress.Parse("192.0.2.2")));

        _time.Pass(TimeSpan.FromSeconds(40));
        Assert.Null(failures.MustWait(address));
        Assert.Equal(1, failures.Add(address));
    }

    [Fact]
    public void Whoever_has_a_whole_IPv6_subnet_is_counted_as_one()
    {
        var failures = new FailedAttempts(_time);
        for (var i = 0; i < FailedAttempts.FailuresMax; i++) failures.Add(IPAddress.Parse($"2001:db8:1:1::{i:x}"));

        Assert.NotNull(failures.MustWait(IPAddress.Parse("2001:db8:1:1:ffff::1")));
        Assert.Null(failures.MustWait(IPAddress.Parse("2001:db8:1:2::1")));
    }

    [Fact]
    public void However_many_addresses_try_its_memory_is_bounded_and_old_ones_make_room()
    {
        var failures = new FailedAttempts(_time);
        for (var i = 0; i < 20_000; i++) failures.Add(new IPAddress([10, 0, (byte)(i / 256), (byte)(i % 256)]));
        Assert.InRange(failures.Addresses, 1, 10_001);
        Assert.NotNull(failures.MustWait(IPAddress.Parse("198.51.100.1")));

        _time.Pass(TimeSpan.FromMinutes(1));
        Assert.Null(failures.MustWait(IPAddress.Parse("198.51.100.1")));
        failures.Add(IPAddress.Parse("198.51.100.1"));
        Assert.InRange(failures.Addresses, 1, 2);
    }
}
