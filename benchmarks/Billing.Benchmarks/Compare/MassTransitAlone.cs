using System.Diagnostics;
using System.Globalization;
using Billing.Benchmarks.Checks;
using Billing.Benchmarks.Recharges;

namespace Billing.Benchmarks.Compare;

/// <summary>The limits: what MassTransit on this broker takes of the same messages, and answers of requests, with consumers that do nothing.</summary>
static class MassTransitAlone
{
    public static async Task<Measured> Usage(Stage stage, LoadShape shape, int round)
    {
        await using var host = await VirtualHost.Create();
        await using var empty = await ChildProcess.Start(EmptyUsage.Verb, [new(EmptyUsage.Address, host.AsAdministrator.AbsoluteUri)]);
        await using var load = await UsageLoad.Open(shape, stage.Options.Seed + round, shape.IsSingle ? EmptyUsage.SingleQueue : EmptyUsage.BatchQueue, host.AsAdministrator, host.AsAdministrator);
        load.Start();
        await Task.Delay(stage.Options.WarmUp);
        load.OpenWindow();
        var (spent, first, started) = (Spent.Now(empty.Id), await Taken(), Stopwatch.GetTimestamp());
        await Task.Delay(stage.Options.Duration);
        var count = await Taken() - first;
        return new Measured
        {
            PerSecond = count / Stopwatch.GetElapsedTime(started).TotalSeconds,
            Latency = load.Confirms.Percentiles,
            Costs = Spent.Now(empty.Id).Since(spent, count),
            Note = load.SuppliedShare < 0.95 ? $"the queue was empty {1 - load.SuppliedShare:P0} of the time: limited by what was offered" : null,
        };

        async Task<long> Taken() => long.Parse(await empty.Ask("taken"), CultureInfo.InvariantCulture);
    }

    public static async Task<Measured> Requests(Stage stage, int callers, int round)
    {
        await using var host = await VirtualHost.Create();
        await using var empty = await EmptyProcess.Start(host.AsAdministrator);
        await using var asking = await Asking.Open(host.AsAdministrator);
        var ask = asking.For<EmptyRequest, EmptyAnswer>();
        var result = await Callers.Drive(callers, stage.Options.Duration, async workload =>
        {
            if (!(await ask(new EmptyRequest { UserId = workload.NextUser(), Service = workload.NextService(), Quantity = 1 })).Allowed) throw new InvalidOperationException("The empty consumer says no.");
        }, seed: stage.Options.Seed + round, warmUp: stage.Options.WarmUp);
        return new Measured { PerSecond = result.PerSecond, Latency = new Percentiles(result.P50Ms, result.P99Ms) };
    }
}
