using Billing.Client;

namespace Billing.Tests.Client.Leases;

/// <summary>Answers get lost, or the service is away for long.</summary>
public sealed class OutageTests
{
    [Fact]
    public async Task While_the_service_is_away_leases_in_hand_serve_and_then_calls_are_refused()
    {
        await using var running = new RunningGate();
        await running.Acquire();
        running.Funds.Happens = _ => FakeFunds.Fault.RequestLost;

        Assert.True(running.Try(out _));
        running.Time.Advance(TimeSpan.FromSeconds(30));
        var refused = await running.Acquire();

        Assert.Equal((false, ClientErrorCodes.NoAnswer), (refused.Allowed, refused.Code));
        Assert.Throws<InvalidOperationException>(() => refused.Complete(1));
    }

    [Fact]
    public async Task Where_the_operator_says_so_calls_are_let_through_while_the_service_is_away()
    {
        await using var running = new RunningGate(options => options.WhenUnavailable = WhenUnavailable.Allow);
        running.Funds.Happens = _ => FakeFunds.Fault.RequestLost;

        var grant = await running.Acquire(7);

        Assert.True(grant.Allowed);
        Assert.Null(grant.ReservationId);
        Assert.True(grant.Complete(9));
        Assert.False(grant.Complete(9));
    }

    [Fact]
    public async Task Even_then_a_user_without_funds_is_refused()
    {
        await using var running = new RunningGate(options => options.WhenUnavailable = WhenUnavailable.Allow);
        running.Funds.Available = 0;

        Assert.Equal(ErrorCodes.InsufficientFunds, (await running.Acquire()).Code);
    }

    [Fact]
    public async Task While_the_service_is_away_one_call_finds_out_and_the_others_are_not_kept_waiting()
    {
        await using var running = new RunningGate();
        var asked = 0;
        running.Funds.Happens = request =>
        {
            if (request is ReserveQuota) asked++;
            return FakeFunds.Fault.RequestLost;
        };

        for (var user = 0; user < 100; user++) Assert.Equal(ClientErrorCodes.NoAnswer, (await running.Acquire(user: $"user-{user}")).Code);

        Assert.Equal(1, asked);
        running.Funds.Happens = _ => FakeFunds.Fault.None;
        running.Advance(1);
        Assert.True((await running.Acquire(user: "user-1")).Allowed);
    }

    [Fact]
    public async Task Funds_that_a_lost_answer_set_aside_are_handed_to_nobody_and_go_back()
    {
        await using var running = new RunningGate();
        running.Funds.Available = 100;
        running.Funds.Happens = request => request is ReserveQuota ? FakeFunds.Fault.AnswerLost : FakeFunds.Fault.None;

        Assert.False((await running.Acquire()).Allowed);

        await Soon.Comes(() => running.Funds.Available == 100 ? "back" : null);
        Assert.Equal(0, running.Funds.Released.Single().UsedQuantity);
    }

    [Fact]
    public async Task A_release_that_is_not_answered_is_repeated()
    {
        await using var running = new RunningGate();
        running.Funds.Available = 100;
        (await running.Acquire()).Complete(1);
        var lost = 0;
        running.Funds.Happens = request => request is ReleaseQuota && lost++ < 2 ? FakeFunds.Fault.RequestLost : FakeFunds.Fault.None;

        running.Advance(6);
        await Soon.Comes(() =>
        {
            running.Time.Advance(TimeSpan.FromSeconds(0.5));
            return running.Funds.Available == 99 ? "back" : null;
        });
        Assert.Equal(3, lost);
    }
}
