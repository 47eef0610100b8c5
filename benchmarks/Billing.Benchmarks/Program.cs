using System.CommandLine;
using Billing.Benchmarks;
using Billing.Benchmarks.Checks;
using Billing.Benchmarks.Compare;

var seconds = new Option<double>("--seconds") { Description = "How long each measurement runs, after its warm-up.", DefaultValueFactory = _ => 8 };
var root = new RootCommand("Measures the service. Compare the rows of one run: machines differ, and shared ones differ by the minute.") { seconds };

var engine = new Command("engine", "Usages per second from the batcher's door to their commit.") { seconds };
engine.SetAction(async (parsed, _) => await Engine(TimeSpan.FromSeconds(parsed.GetValue(seconds))));
var deduct = new Command("deduct", "Deductions that share commits, against one transaction each.") { seconds };
deduct.SetAction(async (parsed, _) => await Deduct(TimeSpan.FromSeconds(parsed.GetValue(seconds))));
var reserve = new Command("reserve", "Reservations that share commits, against plain EF Core with one transaction each; exit code 0 only if the audit's holds do.") { seconds };
reserve.SetAction(async (parsed, _) => await Reserve(TimeSpan.FromSeconds(parsed.GetValue(seconds))));
var indexes = new Command("indexes", "What each index of the records costs the writer, and saves the reader.") { seconds };
indexes.SetAction(async (parsed, _) => await IndexBenchmark.Run(TimeSpan.FromSeconds(parsed.GetValue(seconds))));
var queries = new Command("queries", "Pages and statistics of a user with ten thousand records, and of one with a million.");
queries.SetAction(async (_, _) => await QueriesBenchmark.Run());
var recharges = new Command("recharges", "Recharges from the order to the credit, on RabbitMQ and PostgreSQL; exit code 0 only if the audit holds.");
recharges.SetAction(async (_, _) => await RechargesBenchmark.Run());
var checks = new Command("checks", "Checks of quotas over RabbitMQ, against a consumer that does nothing, and over HTTP; exit code 0 only if the audit holds and the cache agrees.") { seconds };
checks.SetAction(async (parsed, _) => await ChecksBenchmark.Run(TimeSpan.FromSeconds(parsed.GetValue(seconds))));
var leases = new Command("leases", "Checks in the gateway's own process, under leases: checks a second, their time and what they allocate.") { seconds };
leases.SetAction(async (parsed, _) => await LeasesBenchmark.Run(TimeSpan.FromSeconds(parsed.GetValue(seconds))));
var emptyConsumer = new Command(EmptyProcess.Verb, "What the checks are compared with.") { Hidden = true };
emptyConsumer.SetAction(async (_, cancellationToken) => await EmptyConsumer.Run(EmptyProcess.Address, cancellationToken));
var reporter = new Command("reporter", "What reporting usage costs a gateway, and how long it takes to the record at half load; exit code 0 only if the audit holds.") { seconds };
reporter.SetAction(async (parsed, _) => await ReporterBenchmark.Run(TimeSpan.FromSeconds(parsed.GetValue(seconds))));
root.Add(CompareCommand.Create());
foreach (var child in CompareCommand.Children()) root.Add(child);
root.Add(reporter);
root.Add(checks);
root.Add(leases);
root.Add(emptyConsumer);
root.Add(recharges);
root.Add(indexes);
root.Add(queries);
root.Add(engine);
root.Add(deduct);
root.Add(reserve);
root.SetAction(async (parsed, _) =>
{
    var duration = TimeSpan.FromSeconds(parsed.GetValue(seconds));
    await Engine(duration);
    await Deduct(duration);
});
return await root.Parse(args).InvokeAsync();

static async Task Engine(TimeSpan duration)
{
    Console.WriteLine($"engine, ids with time (version 7)      {await EngineBenchmark.Run(duration, timeOrderedIds: true),9:N0} usages/s");
    Console.WriteLine($"engine, ids without time (version 4)   {await EngineBenchmark.Run(duration, timeOrderedIds: false),9:N0} usages/s");
}

static async Task Deduct(TimeSpan duration)
{
    foreach (var callers in (int[])[1, 16, 64, 256])
    {
        var shared = await DeductBenchmark.Shared(callers, duration);
        var oneByOne = await DeductBenchmark.OneByOne(callers, duration);
        Console.WriteLine($"deduct, {callers,3} callers: sharing commits {shared}   one transaction each {oneByOne}   x{shared.PerSecond / oneByOne.PerSecond:0.0}");
    }
}

static async Task Reserve(TimeSpan duration)
{
    foreach (var callers in (int[])[1, 64])
    {
        var shared = await ReserveBenchmark.Shared(callers, duration);
        var plain = await ReserveBenchmark.PlainEf(callers, duration);
        Console.WriteLine($"reserve, {callers,3} callers: sharing commits {shared}   plain EF Core {plain}   x{shared.PerSecond / plain.PerSecond:0.0}");
    }
}
