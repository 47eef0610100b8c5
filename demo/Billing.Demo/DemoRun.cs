using Billing.Contracts;
using Billing.Demo.Gateway;
using Billing.Demo.Partner;
using Billing.Demo.Progress;
using Billing.Demo.Recharges;
using Billing.Demo.Replay;
using Billing.Demo.Stack;
using Billing.Demo.Summary;
using Billing.Demo.Traffic;
using Billing.Demo.Web;

namespace Billing.Demo;

/// <summary>The story of a run: money first, then traffic, with recharges, a web page and a partner beside it, then quiet, then the figures and the audit.</summary>
sealed class DemoRun(DemoOptions options, ReplayPlan? plan, IStack stack, RunFolder folder, Notes notes, IProgressDisplay display, TimeProvider time)
{
    const int FundingCallers = 32;
    static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(30);

    readonly WrongUsages _wrong = new();
    readonly Repeats _repeats = new();

    public async Task<RunResult> Execute(CancellationToken stop)
    {
        foreach (var line in plan?.Announcement(time.GetUtcNow()) ?? []) display.Say(line);
        display.Say("starting the service ...");
        await stack.Start(stop);
        display.Say(stack.Description);

        using var published = new PublishedFile(options.Published?.FullName ?? folder.PublishedFile);
        var log = new GatewayLog(published);
        await using var http = new HttpDoor(stack.Address, _wrong, log, time);
        var (traffic, replay) = await Traffic(http, stop);
        display.Say(traffic.Description);

        await using var keyDoor = await stack.OpenKeyDoor(stop);
        var keys = new KeyService(keyDoor, stack.Database, traffic.DrawUser, options.Seed, time);
        await keys.Begin(stop);
        var currency = await GiveMoney(traffic, http, stop);
        var (before, countBefore) = (await Totals.Of(stack.Database, stop), await QuickCount.Of(stack.Database, stop));
        var leasesBefore = await LeaseResult.Of(stack.Database, stop);

        await using var rechargeDoor = await stack.OpenRechargeDoor(stop);
        var rechargeTraffic = new RechargeTraffic(options, traffic, stack.Misbehaviours, rechargeDoor, http, currency, time);
        var booksBefore = await RechargeBooks.Of(stack.Database, stack.RechargeTables, stop);
        var recharges = new RechargeRun(rechargeTraffic, rechargeDoor, stack.Database, stack.RechargeTables, folder.PaymentsFile, booksBefore, time);

        var watch = new RunWatch(stack, http, log, notes, display, countBefore, replay?.ChargedBefore ?? 0, traffic.Probe, recharges, time);
        await using var webDoor = await stack.OpenWebDoor(stop);
        var web = new WebReader(webDoor, stack.Database, traffic.DrawUser, options.Seed, time);
        bool isQuiet;
        await using (await stack.OpenPaymentService(folder.PaymentsFile, options.Seed, stop))
            isQuiet = await Beside([web.Run, keys.Run], () => watch.During(() => SendTraffic(traffic, http, log, recharges, stop), stop));
        if (isQuiet) await web.Finish(CancellationToken.None);

        display.Say("stopping the service, then the audit ...");
        await stack.Stop();
        foreach (var note in notes.Take()) display.Say(note);
        published.Dispose();
        var totals = (await Totals.Of(stack.Database, CancellationToken.None)).Since(before);
        var latency = await Latency.Of(stack.Database, log.Sampled, CancellationToken.None);
        var audit = await AuditResult.Of(stack, published.Path);
        var cache = await CacheResult.Of(stack);
        var leases = (await LeaseResult.Of(stack.Database, CancellationToken.None)).Since(leasesBefore);
        var replayed = replay is null ? null : await replay.Result(CancellationToken.None);
        return new RunResult(options, stack.Description, currency, log, totals, latency, audit, cache, leases, await recharges.Result(), replayed, web.Result(), await keys.Result(CancellationToken.None), watch.UsageTook, isQuiet, stack.Restarts);
    }

    /// <summary>Does what has an end, and beside it what has none of its own.</summary>
    static async Task<bool> Beside(IEnumerable<Func<CancellationToken, Task>> endless, Func<Task<bool>> work)
    {
        using var ended = new CancellationTokenSource();
        var beside = Task.WhenAll(endless.Select(run => run(ended.Token)));
        try
        {
            return await work();
        }
        finally
        {
            await ended.CancelAsync();
            await beside;
        }
    }

    async Task<(ITraffic Traffic, ReplayRun? Replay)> Traffic(HttpDoor http, CancellationToken stop)
    {
        if (plan is null) return (new TrafficGenerator(options, stack.Mix, _wrong, _repeats, time), null);

        // A first start has them in its catalogue; data that were there before have not.
        foreach (var missing in await TraceCatalogue.Missing(plan, stack.Database, stop)) await http.Register(missing, stop);
        var traffic = new ReplayTraffic(options, plan, stack.Mix, _repeats, time);
        var replay = new ReplayRun(plan, traffic, stack.Database);
        await replay.Begin(stop);
        return (traffic, replay);
    }

    async Task<string> GiveMoney(ITraffic traffic, HttpDoor http, CancellationToken stop)
    {
        await Parallel.ForEachAsync(traffic.StartingFunds(), new ParallelOptions { MaxDegreeOfParallelism = FundingCallers, CancellationToken = stop },
            async (funds, cancellationToken) => await http.Credit(funds.User, funds.Amount, funds.Id, cancellationToken));
        return (await http.Check(traffic.Probe, stop)).Currency;
    }

    async Task SendTraffic(ITraffic traffic, HttpDoor http, GatewayLog log, RechargeRun recharges, CancellationToken stop)
    {
        var uncheckedDoors = stack.OpenUncheckedDoors(options.Connections, log);
        var gateways = await Task.WhenAll(Enumerable.Range(1, options.Gateways).Select(number => PlatformGateway.Start(stack.GatewayAddress, folder.GatewayFolder(number), stop)));
        var callers = new DeductionCallers(options, _repeats, _wrong, log, time);
        var gateway = new ApiGateway(gateways, uncheckedDoors, http, callers, log, time);

        // Also a gateway that nobody answers any more comes to an end.
        using var giveUp = new CancellationTokenSource(traffic.LengthMax + AnswersWithin);
        using var early = stop.Register(() => giveUp.CancelAfter(AnswersWithin));
        var answered = gateway.Run(giveUp.Token);
        var recharging = recharges.Send(stop, giveUp.Token);
        try
        {
            await traffic.Run(gateway, stop);
        }
        finally
        {
            gateway.NoMore();
            await answered;
            await recharging;
        }
        foreach (var door in uncheckedDoors.Concat(gateways)) await door.DisposeAsync();
    }
}
