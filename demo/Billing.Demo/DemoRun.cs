using Billing.Contracts;
using Billing.Demo.Gateway;
using Billing.Demo.Progress;
using Billing.Demo.Recharges;
using Billing.Demo.Stack;
using Billing.Demo.Summary;
using Billing.Demo.Traffic;

namespace Billing.Demo;

/// <summary>The story of a run: money first, then traffic, with recharges beside it, then quiet, then the figures and the audit.</summary>
sealed class DemoRun(DemoOptions options, IStack stack, RunFolder folder, Notes notes, IProgressDisplay display, TimeProvider time)
{
    const int FundingCallers = 32;
    static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(30);

    readonly Users _users = new(options.Users);
    readonly WrongUsages _wrong = new();
    readonly Repeats _repeats = new();

    public async Task<RunResult> Execute(CancellationToken stop)
    {
        display.Say("starting the service ...");
        await stack.Start(stop);
        display.Say(stack.Description);
        display.Say($"{options.Users:#,0} users; {options.Rate:#,0} usages/s for {options.Seconds} s, {options.Duplicates:P0} delivered again{(options.Shuffle ? ", out of order" : "")}; Ctrl-C ends it early");

        using var published = new PublishedFile(options.Published?.FullName ?? folder.PublishedFile);
        var log = new GatewayLog(published);
        await using var http = new HttpDoor(stack.Address, _wrong, log, time);
        var currency = await GiveMoney(http, stop);
        var (before, countBefore) = (await Totals.Of(stack.Database, stop), await QuickCount.Of(stack.Database, stop));

        await using var rechargeDoor = await stack.OpenRechargeDoor(stop);
        var rechargeTraffic = new RechargeTraffic(options, _users, stack.Misbehaviours, rechargeDoor, http, currency, time);
        var booksBefore = await RechargeBooks.Of(stack.Database, stack.RechargeTables, stop);
        var recharges = new RechargeRun(rechargeTraffic, rechargeDoor, stack.Database, stack.RechargeTables, folder.PaymentsFile, booksBefore, time);

        var watch = new RunWatch(stack, http, log, notes, display, countBefore, recharges, time);
        bool isQuiet;
        await using (await stack.OpenPaymentService(folder.PaymentsFile, options.Seed, stop))
            isQuiet = await watch.During(() => SendTraffic(http, log, recharges, stop), stop);

        display.Say("stopping the service, then the audit ...");
        await stack.Stop();
        foreach (var note in notes.Take()) display.Say(note);
        published.Dispose();
        var totals = (await Totals.Of(stack.Database, CancellationToken.None)).Since(before);
        var latency = await Latency.Of(stack.Database, log.Sampled, CancellationToken.None);
        var audit = await AuditResult.Of(stack, published.Path);
        return new RunResult(options, stack.Description, currency, log, totals, latency, audit, await recharges.Result(), watch.UsageTook, isQuiet, stack.Restarts);
    }

    async Task<string> GiveMoney(HttpDoor http, CancellationToken stop)
    {
        var funds = _users.StartingFunds(new Random(options.Seed), (double)options.Rate * options.Seconds).Where(user => user.Funds > Money.Zero);
        await Parallel.ForEachAsync(funds, new ParallelOptions { MaxDegreeOfParallelism = FundingCallers, CancellationToken = stop },
            async (user, cancellationToken) => await http.Credit(user.User, user.Funds, cancellationToken));
        return (await http.Check(new CheckQuota { UserId = Users.Name(0), Service = "search" }, stop)).Currency;
    }

    async Task SendTraffic(HttpDoor http, GatewayLog log, RechargeRun recharges, CancellationToken stop)
    {
        var messageDoors = stack.OpenMessageDoors(options.Connections, log);
        await using var requests = await stack.OpenRequestDoor(CancellationToken.None);
        var callers = new DeductionCallers(options, _repeats, _wrong, log, time);
        var gateway = new ApiGateway(messageDoors, http, [requests, http], callers, log, time);
        var generator = new TrafficGenerator(options, stack.Mix, _users, _wrong, _repeats, gateway, time);

        // Also a gateway that nobody answers any more comes to an end.
        using var giveUp = new CancellationTokenSource(TimeSpan.FromSeconds(options.Seconds) + AnswersWithin);
        using var early = stop.Register(() => giveUp.CancelAfter(AnswersWithin));
        var answered = gateway.Run(giveUp.Token);
        var recharging = recharges.Send(stop, giveUp.Token);
        try
        {
            await generator.Run(stop);
        }
        finally
        {
            gateway.NoMore();
            await answered;
            await recharging;
        }
        foreach (var door in messageDoors) await door.DisposeAsync();
    }
}
