using Billing.Contracts;
using Billing.Demo.Gateway;
using Billing.Demo.Progress;
using Billing.Demo.Recharges;
using Billing.Demo.Stack;
using Billing.Demo.Summary;

namespace Billing.Demo;

/// <summary>Watches a run from outside: shows how it stands, and tells when everything confirmed has come to rest in the database.</summary>
sealed class RunWatch(IStack stack, HttpDoor http, GatewayLog log, Notes notes, IProgressDisplay display, QuickCount before, long chargedBefore, CheckQuota probe, RechargeRun recharges, TimeProvider time)
{
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250), AnswerWithin = TimeSpan.FromSeconds(2), DecidedWithin = TimeSpan.FromSeconds(30);

    /// <summary>Waiting ends when nothing has moved for so long.</summary>
    static readonly TimeSpan StandstillMax = TimeSpan.FromSeconds(60);

    readonly long _began = time.GetTimestamp();
    long _shownAt;
    QuickCount _shown;

    /// <summary>From the first delivery until everything confirmed was charged or rejected.</summary>
    public TimeSpan UsageTook { get; private set; }

    /// <summary>Sends the traffic, then waits; then an operator decides, and it waits again. False when usage or recharges did not come to rest.</summary>
    public async Task<bool> During(Func<Task> send, CancellationToken stop)
    {
        var isQuiet = false;
        await display.Show(async show =>
        {
            var sending = send();
            while (!sending.IsCompleted)
            {
                await Show(show, stop.IsCancellationRequested ? "ending" : "sending", await CountOrLast());
                await Task.WhenAny(sending, Task.Delay(display.Every, time));
            }
            await sending;
            isQuiet = await Settle(show, "settling", UsageIsQuiet);
            // A recharge that is never paid takes its time; the traffic's speed is not measured by it.
            UsageTook = time.GetElapsedTime(_began);
            isQuiet = isQuiet && await Settle(show, "recharges", recharges.IsQuiet);
            if (!isQuiet) return;
            using var within = new CancellationTokenSource(DecidedWithin);
            await recharges.Decide(within.Token);
            isQuiet = await Settle(show, "operator", recharges.IsQuiet);
        });
        return isQuiet;
    }

    async Task<bool> Settle(Action<Figures> show, string phase, Func<Task<bool>> isQuiet)
    {
        var (last, movedAt) = (default(QuickCount), time.GetTimestamp());
        while (time.GetElapsedTime(movedAt) < StandstillMax)
        {
            var now = await CountOrLast();
            if (now == last && Missing(now) == 0 && await Says(isQuiet))
            {
                await Show(show, "settled", now);
                return true;
            }
            if (now != last) movedAt = time.GetTimestamp();
            last = now;
            if (time.GetElapsedTime(_shownAt) >= display.Every) await Show(show, phase, now);
            await Task.Delay(Look, time);
        }
        return false;
    }

    // What an earlier replay has charged is confirmed again, and charged no more.
    long Missing(QuickCount now) => Math.Max(0, log.Confirmed - log.Wrong - chargedBefore - now.Charged);

    async Task<bool> UsageIsQuiet() => await stack.MessagesWaiting(CancellationToken.None) == 0;

    static async Task<bool> Says(Func<Task<bool>> isQuiet)
    {
        try
        {
            return await isQuiet();
        }
        catch (Exception)
        {
            // A broker or a database that does not answer has not said that nothing waits.
            return false;
        }
    }

    // A database that is away for a moment is part of what a demo may show.
    async Task<QuickCount> CountOrLast()
    {
        try
        {
            return (await QuickCount.Of(stack.Database, CancellationToken.None)).Since(before);
        }
        catch (System.Data.Common.DbException)
        {
            return _shown;
        }
    }

    async Task Show(Action<Figures> show, string phase, QuickCount now)
    {
        foreach (var note in notes.Take()) display.Say(note);
        var delay = await Delay();
        var perSecond = (now.Charged + now.Rejected - _shown.Charged - _shown.Rejected) / Math.Max(0.001, time.GetElapsedTime(_shownAt == 0 ? _began : _shownAt).TotalSeconds);
        (_shown, _shownAt) = (now, time.GetTimestamp());
        show(new Figures(phase, time.GetElapsedTime(_began), log.Confirmed, now.Charged + now.Rejected, Missing(now), perSecond, delay));
    }

    async Task<TimeSpan?> Delay()
    {
        try
        {
            using var within = new CancellationTokenSource(AnswerWithin);
            return TimeSpan.FromMilliseconds((await http.Check(probe, within.Token)).ChargingDelayMs);
        }
        catch (Exception exception) when (HttpDoor.IsOutage(exception))
        {
            return null;
        }
    }
}
