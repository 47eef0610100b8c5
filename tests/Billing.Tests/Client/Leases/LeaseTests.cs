using System.Collections.Concurrent;
using Billing.Client.Leases;

namespace Billing.Tests.Client.Leases;

public sealed class LeaseTests
{
    static readonly Moment Never = new(long.MaxValue, long.MaxValue);

    readonly List<long> _finals = [];

    [Fact]
    public void Never_more_is_handed_out_than_was_granted()
    {
        var lease = Of(units: 10);

        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => lease.TryTake(3, out var _, out var _)));
        Assert.True(lease.TryTake(1, out _, out var left));
        Assert.Equal(0, left);
        Assert.False(lease.TryTake(1, out _, out _));
    }

    [Fact]
    public void A_call_that_was_not_made_gives_its_units_to_the_next()
    {
        var lease = Of(units: 5);
        Assert.True(lease.TryTake(5, out var ticket, out _));

        Assert.True(lease.Settle(ticket, granted: 5, actual: 0));

        Assert.True(lease.TryTake(5, out _, out _));
    }

    [Fact]
    public void A_grant_that_was_copied_is_settled_once()
    {
        var lease = Of(units: 5);
        lease.TryTake(2, out var ticket, out _);

        Assert.True(lease.Settle(ticket, granted: 2, actual: 0));
        Assert.False(lease.Settle(ticket, granted: 2, actual: 0));

        Assert.Equal(5, lease.Left);
        Assert.Equal(0, lease.Outstanding);
    }

    [Fact]
    public void What_a_call_used_beyond_its_grant_is_taken_from_the_calls_after_it()
    {
        var lease = Of(units: 10);
        lease.TryTake(2, out var ticket, out _);

        lease.Settle(ticket, granted: 2, actual: 7);
        Assert.Equal(3, lease.Left);

        lease.TryTake(1, out ticket, out _);
        lease.Settle(ticket, granted: 1, actual: 50);
        Assert.Equal(0, lease.Left);
        lease.Close();
        Assert.Equal([57], _finals);
    }

    [Fact]
    public void The_final_count_is_told_once_and_only_when_every_call_is_settled()
    {
        var lease = Of(units: 10);
        lease.TryTake(3, out var first, out _);
        lease.TryTake(4, out var second, out _);

        lease.Close();
        Assert.False(lease.TryTake(1, out _, out _));
        lease.Settle(second, granted: 4, actual: 4);
        Assert.Empty(_finals);

        lease.Settle(first, granted: 3, actual: 1);
        lease.Close();
        Assert.Equal([5], _finals);
    }

    [Fact]
    public void Past_its_time_to_settle_nothing_is_given_back()
    {
        var lease = Of(units: 10);
        lease.TryTake(3, out var ticket, out _);

        Assert.True(lease.Lapse());
        lease.Settle(ticket, granted: 3, actual: 3);

        Assert.Empty(_finals);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(65)]
    [InlineData(9_000)]
    public void However_calls_come_and_go_a_lease_agrees_with_a_plain_account_of_it(int units)
    {
        for (var seed = 0; seed < 200; seed++) Live(units, new Random(seed));
    }

    [Fact]
    public async Task Many_threads_together_take_no_more_than_there_is_and_the_count_is_exact()
    {
        const int Threads = 4;
        const int Units = 5_000;
        for (var round = 0; round < 10; round++)
        {
            _finals.Clear();
            var lease = Of(Units);
            var calls = new ConcurrentQueue<(int Ticket, long Granted, long Actual)>();
            long used = 0, refused = 0;
            await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(() =>
            {
                var chance = new Random(thread * 1_000 + round);
                while (true)
                {
                    var quantity = chance.Next(1, 4);
                    if (!lease.TryTake(quantity, out var ticket, out _)) break;
                    var call = (ticket, quantity, chance.NextInt64(0, quantity + 1));
                    // Each is settled twice, by whichever threads come to it.
                    calls.Enqueue(call);
                    calls.Enqueue(call);
                    SettleOne();
                    SettleOne();
                }
                while (SettleOne())
                {
                }
            }, TaskCreationOptions.LongRunning)));
            lease.Close();

            Assert.Equal([used], _finals);
            Assert.InRange(used, 1, Units);
            Assert.Equal(lease.Grants, refused);
            Assert.Equal(Units, lease.Left + used);

            bool SettleOne()
            {
                if (!calls.TryDequeue(out var call)) return false;
                if (lease.Settle(call.Ticket, call.Granted, call.Actual)) Interlocked.Add(ref used, call.Actual);
                else Interlocked.Increment(ref refused);
                return true;
            }
        }
    }

    /// <summary>Random calls, settled in any order, some twice, some beyond their grant; the account is a list and three sums.</summary>
    void Live(int units, Random chance)
    {
        _finals.Clear();
        var lease = Of(units);
        var open = new List<(int Ticket, long Granted)>();
        var settled = new List<(int Ticket, long Granted)>();
        long left = units, used = 0;
        var closed = false;
        for (var step = 0; step < 300; step++)
        {
            switch (chance.Next(10))
            {
                case < 4:
                    var quantity = chance.Next(1, Math.Max(2, units / 10));
                    var granted = lease.TryTake(quantity, out var ticket, out _);
                    Assert.Equal(!closed && quantity <= left && open.Count + settled.Count < Math.Max(units, 64), granted);
                    if (granted) open.Add((ticket, quantity));
                    if (granted) left -= quantity;
                    break;
                case < 8 when open.Count > 0:
                    var call = open[chance.Next(open.Count)];
                    var actual = chance.Next(4) == 0 ? call.Granted + chance.Next(1, 20) : chance.NextInt64(0, call.Granted + 1);
                    open.Remove(call);
                    settled.Add(call);
                    left = Math.Max(0, left + call.Granted - actual);
                    used += actual;
                    Assert.True(lease.Settle(call.Ticket, call.Granted, actual));
                    break;
                case 8 when settled.Count > 0:
                    var again = settled[chance.Next(settled.Count)];
                    Assert.False(lease.Settle(again.Ticket, again.Granted, 0));
                    break;
                case 9 when chance.Next(50) == 0:
                    lease.Close();
                    closed = true;
                    break;
            }
            Assert.Equal((left, used, open.Count), (lease.Left, lease.Used, lease.Outstanding));
            Assert.Equal(closed && open.Count == 0 ? [used] : [], _finals);
        }
    }

    Lease Of(long units)
    {
        Lease lease = null!;
        return lease = new Lease(new LeaseKey("ann", "chat"), Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), units, Money.Zero, Never, Never, ended =>
        {
            Assert.Same(lease, ended);
            lock (_finals) _finals.Add(ended.Used);
        });
    }
}
