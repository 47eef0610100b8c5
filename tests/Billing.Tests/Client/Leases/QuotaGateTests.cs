using Billing.Client;

namespace Billing.Tests.Client.Leases;

public sealed class QuotaGateTests
{
    [Fact]
    public async Task One_request_serves_many_calls()
    {
        await using var running = new RunningGate();

        Assert.False(running.Try(out var none));
        Assert.Equal(ClientErrorCodes.NoLease, none.Code);
        Assert.True((await running.Acquire()).Allowed);
        for (var call = 0; call < 5; call++) Assert.True(running.Try(out _));

        Assert.Equal(1, running.Funds.Requests);
    }

    [Fact]
    public async Task Callers_at_the_same_time_share_one_request()
    {
        await using var running = new RunningGate();
        var open = new TaskCompletionSource();
        running.Funds.Gate = open.Task;

        var calls = Enumerable.Range(0, 6).Select(_ => running.Acquire()).ToArray();
        open.SetResult();
        var grants = await Task.WhenAll(calls);

        Assert.All(grants, grant => Assert.True(grant.Allowed));
        Assert.Equal(1, running.Funds.Requests);
    }

    [Fact]
    public async Task The_usage_of_a_call_names_the_reservation_that_pays_it()
    {
        await using var running = new RunningGate();

        var grant = await running.Acquire();

        Assert.Contains(grant.ReservationId!.Value, running.Funds.Holds.Keys);
    }

    [Fact]
    public async Task A_lease_that_nobody_uses_goes_back_with_its_final_count()
    {
        await using var running = new RunningGate();
        running.Funds.Available = 100;
        (await running.Acquire(3)).Complete(2);

        running.Advance(6);

        var release = await Soon.Comes(() => running.Funds.Released.SingleOrDefault());
        Assert.Equal(2, release.UsedQuantity);
        Assert.Equal(98, running.Funds.Available);
        Assert.Empty(running.Gate.Leases);
    }

    [Fact]
    public async Task A_lease_with_a_call_under_way_is_not_released_before_the_call_ends()
    {
        await using var running = new RunningGate();
        var grant = await running.Acquire();
        running.Advance(40);
        Assert.Empty(running.Funds.Released);
        Assert.False(running.Try(out _));

        Assert.True(grant.Complete(1));

        Assert.Equal(1, (await Soon.Comes(() => running.Funds.Released.SingleOrDefault())).UsedQuantity);
    }

    [Fact]
    public async Task A_lease_ends_with_its_time_counted_from_before_the_request()
    {
        await using var running = new RunningGate(options => options.IdleAfter = TimeSpan.FromHours(1));
        running.Funds.Happens = request =>
        {
            if (request is ReserveQuota) running.Time.Advance(TimeSpan.FromSeconds(4));
            return FakeFunds.Fault.None;
        };
        await running.Acquire();
        running.Funds.Happens = _ => FakeFunds.Fault.RequestLost;

        running.Time.Advance(TimeSpan.FromSeconds(24.9));
        Assert.True(running.Try(out _));
        running.Time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.False(running.Try(out _));
    }

    [Fact]
    public async Task A_machine_that_slept_hands_nothing_out_under_leases_from_before()
    {
        await using var running = new RunningGate();
        await running.Acquire();

        running.Time.Sleep(TimeSpan.FromMinutes(20));

        Assert.False(running.Try(out _));
        Assert.True((await running.Acquire()).Allowed);
        Assert.Equal(2, running.Funds.Requests);
    }

    [Fact]
    public async Task A_clock_set_back_and_then_a_sleep_end_leases_too()
    {
        await using var running = new RunningGate();
        await running.Acquire();
        running.Time.Sleep(TimeSpan.FromHours(-1));
        running.Advance(0.5);

        Assert.False(running.Try(out _));
    }

    [Fact]
    public async Task A_lease_is_renewed_before_it_is_used_up_and_no_call_waits()
    {
        await using var running = new RunningGate();
        (await running.Acquire()).Complete(1);

        for (var call = 0; call < 1_000; call++)
        {
            if (running.Try(out var grant)) grant.Complete(1);
            else await Soon.Comes(() => running.Try(out grant) ? grant : default(QuotaGrant?));
        }

        Assert.InRange(running.Funds.Requests, 3, 12);
    }

    [Fact]
    public async Task A_lease_is_renewed_before_its_time_is_over()
    {
        await using var running = new RunningGate();
        await running.Acquire();
        for (var second = 0; second < 22; second += 2)
        {
            Assert.True(running.Try(out var grant));
            grant.Return();
            running.Advance(2);
        }

        await Soon.Comes(() => running.Funds.Requests == 2 ? "renewed" : null);
        for (var second = 0; second < 8; second += 2)
        {
            running.Advance(2);
            Assert.True(running.Try(out var grant));
            grant.Return();
        }
    }

    [Fact]
    public async Task A_user_without_funds_costs_one_request_a_second_and_not_one_a_call()
    {
        await using var running = new RunningGate();
        running.Funds.Available = 0;

        for (var call = 0; call < 50; call++) Assert.Equal(ErrorCodes.InsufficientFunds, (await running.Acquire()).Code);
        Assert.Equal(1, running.Funds.Requests);

        running.Funds.Available = 100;
        running.Advance(1);
        Assert.True((await running.Acquire()).Allowed);
    }

    [Fact]
    public async Task A_large_call_that_the_funds_do_not_cover_keeps_no_small_one_out()
    {
        await using var running = new RunningGate();
        running.Funds.Available = 5;

        Assert.Equal(ErrorCodes.InsufficientFunds, (await running.Acquire(10)).Code);
        Assert.True((await running.Acquire(1)).Allowed);
        Assert.Equal(ErrorCodes.InsufficientFunds, (await running.Acquire(10)).Code);
    }

    [Fact]
    public async Task The_last_funds_are_taken_in_small_parts_down_to_the_last_call()
    {
        await using var running = new RunningGate();
        running.Funds.Available = 9;
        Assert.True((await running.Acquire()).Allowed);
        Assert.Equal([10, 2], running.Funds.Reserved.Select(request => request.Quantity));

        var calls = 1;
        while ((await running.Acquire()).Allowed) calls++;

        Assert.Equal(9, calls);
    }

    [Theory]
    [InlineData(ErrorCodes.UnknownService)]
    [InlineData(ErrorCodes.CostMissing)]
    public async Task A_refusal_names_its_reason(string code)
    {
        await using var running = new RunningGate();
        running.Funds.Refuse = code;

        Assert.Equal(code, (await running.Acquire()).Code);
    }

    [Fact]
    public async Task A_service_priced_by_the_gateway_is_leased_at_its_highest_unit_cost()
    {
        await using var running = new RunningGate(options => options.MaxUnitCosts["llm"] = 0.01m);
        await running.Acquire(2, service: "llm");
        Assert.Equal(Money.Parse("0.20"), running.Funds.Reserved.Single().Cost);

        var dear = await running.Gate.AcquireAsync("ann", "llm", 1, Money.Parse("0.05"), CancellationToken.None);

        Assert.True(dear.Allowed);
        Assert.Equal(running.Funds.Reserved[1].ReservationId, dear.ReservationId);
        Assert.Equal(Money.Parse("0.05").Nanos * running.Funds.Reserved[1].Quantity, running.Funds.Reserved[1].Cost!.Value.Nanos);
    }

    [Fact]
    public async Task Users_beyond_the_limit_are_served_and_not_remembered()
    {
        await using var running = new RunningGate(options => options.KeysMax = 2);
        for (var user = 0; user < 10; user++)
        {
            var grant = await running.Acquire(user: $"user-{user}");
            Assert.True(grant.Allowed);
            grant.Complete(1);
        }

        await Soon.Comes(() => running.Gate.Leases.Count == 2 ? "two" : null);
        Assert.Equal(8, running.Funds.Released.Count(release => release.UsedQuantity == 1));
        Assert.Equal(1, running.Funds.Reserved[^1].Quantity);
    }

    [Fact]
    public async Task Users_who_left_make_room_for_others()
    {
        await using var running = new RunningGate(options => options.KeysMax = 1);
        (await running.Acquire(user: "ann")).Complete(1);
        running.Advance(12);

        await running.Acquire(user: "bob");

        Assert.True(running.Try(out _, user: "bob"));
    }

    [Fact]
    public async Task At_the_end_of_the_program_all_leases_go_back()
    {
        var running = new RunningGate();
        running.Funds.Available = 1_000;
        for (var user = 0; user < 20; user++) (await running.Acquire(user: $"user-{user}")).Complete(1);

        await running.DisposeAsync();

        Assert.Equal(980, running.Funds.Available);
    }

    [Fact]
    public async Task A_call_that_is_never_settled_is_forgotten_when_the_service_takes_the_lease_back()
    {
        await using var running = new RunningGate();
        await running.Acquire();
        running.Advance(60);
        Assert.Single(running.Gate.Leases);

        running.Time.Advance(TimeSpan.FromMinutes(11));

        Assert.Empty(running.Gate.Leases);
        Assert.Empty(running.Funds.Released);
    }

    [Fact]
    public async Task Taking_from_a_lease_allocates_nothing()
    {
        await using var running = new RunningGate(options => options.FirstCalls = 10_000);
        await running.Acquire();
        Take(100);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Take(2_000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Take(int calls)
        {
            for (var call = 0; call < calls; call++)
            {
                if (!running.Try(out var grant)) throw new InvalidOperationException("The lease is used up.");
                grant.Complete(1);
            }
        }
    }
}
