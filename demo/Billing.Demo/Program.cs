using System.CommandLine;
using System.Runtime.InteropServices;
using Billing.Demo;
using Billing.Demo.Progress;
using Billing.Demo.Stack;
using Billing.Demo.Summary;

const int ExitHolds = 0, ExitViolated = 1, ExitWrongUsage = 2, ExitFailed = 3, ExitInterrupted = 130;
const int RateEmbedded = 2_000, RateServers = 5_000;

var seconds = new Option<int>("--seconds") { Description = "How long traffic is sent", DefaultValueFactory = _ => 30 };
var rate = new Option<int?>("--rate") { Description = $"Usages offered per second, on average [default: {RateEmbedded} embedded, {RateServers} with servers]" };
var users = new Option<int>("--users") { Description = "Users; the n-th calls 1/n as often as the first", DefaultValueFactory = _ => 1_000 };
var duplicates = new Option<double>("--duplicates") { Description = "Share of deliveries that repeat an earlier one: single, whole batches, regrouped", DefaultValueFactory = _ => 0.05 };
var shuffle = new Option<bool>("--shuffle") { Description = "Deliver out of order" };
var seed = new Option<int>("--seed") { Description = "Seed of the traffic; ids and times are new in every run", DefaultValueFactory = _ => 42 };
var connections = new Option<int>("--connections") { Description = "Connections to the broker", DefaultValueFactory = _ => 3 };
var recharges = new Option<int>("--recharges") { Description = "Recharges that users start meanwhile; every second payment misbehaves", DefaultValueFactory = _ => 40 };
var report = new Option<FileInfo?>("--report") { Description = "Write the result as JSON to this file" };
var published = new Option<FileInfo?>("--published") { Description = "Write every confirmed usage as CSV to this file" };
var servers = new Option<bool>("--servers") { Description = "Use PostgreSQL and RabbitMQ, gateway and service as two processes, instead of all in this one" };
var keep = new Option<bool>("--keep") { Description = "Keep the folder of the run, with its database file and log" };

AtLeast(seconds, 1, 86_400);
AtLeast(users, 1, 1_000_000);
AtLeast(connections, 1, 100);
AtLeast(recharges, 0, 10_000);
rate.Validators.Add(result => { if (result.GetValue(rate) is < 1 or > 1_000_000) result.AddError("--rate is a whole number from 1 to 1000000."); });
duplicates.Validators.Add(result => { if (result.GetValue(duplicates) is not (>= 0 and <= 0.9)) result.AddError("--duplicates is a share from 0 to 0.9, such as 0.05."); });

var root = new RootCommand("Shows the billing service at work: a gateway sends generated traffic, users pay recharges, an audit proves that every confirmed usage is charged, and every payment credited, exactly once.")
{
    seconds, rate, users, duplicates, shuffle, seed, connections, recharges, report, published, servers, keep,
};
root.SetAction((parsed, _) =>
{
    var withServers = parsed.GetValue(servers);
    return Run(new DemoOptions
    {
        Seconds = parsed.GetValue(seconds),
        Rate = parsed.GetValue(rate) ?? (withServers ? RateServers : RateEmbedded),
        Users = parsed.GetValue(users),
        Duplicates = parsed.GetValue(duplicates),
        Shuffle = parsed.GetValue(shuffle),
        Seed = parsed.GetValue(seed),
        Connections = parsed.GetValue(connections),
        Recharges = parsed.GetValue(recharges),
        Report = parsed.GetValue(report),
        Published = parsed.GetValue(published),
        Servers = withServers,
        Keep = parsed.GetValue(keep),
    });
});

var command = root.Parse(args);
// Signals are ours: a Ctrl-C ends the traffic, and the audit still takes its time.
var code = await command.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
return command.Errors.Count > 0 ? ExitWrongUsage : code;

static void AtLeast(Option<int> option, int min, int max) => option.Validators.Add(result =>
{
    if (result.GetValue(option) is var value && (value < min || value > max)) result.AddError($"{option.Name} is a whole number from {min} to {max}.");
});

static async Task<int> Run(DemoOptions options)
{
    using var stop = new CancellationTokenSource();
    void EndEarly(PosixSignalContext signal)
    {
        // The second time it means now.
        if (stop.IsCancellationRequested) Environment.Exit(ExitInterrupted);
        signal.Cancel = true;
        stop.Cancel();
    }

    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, EndEarly);
    using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, EndEarly);
    using var folder = new RunFolder { Keep = options.Keep };
    var display = ProgressDisplay.ForThisTerminal();
    try
    {
        var notes = new Notes();
        RunResult result;
        await using (IStack stack = options.Servers ? new ServersStack(folder, notes, TimeProvider.System) : new EmbeddedStack(folder))
            result = await new DemoRun(options, stack, folder, notes, display, TimeProvider.System).Execute(stop.Token);

        if (!result.Holds) folder.Keep = true;
        SummaryText.Write(result, Console.Out);
        NextSteps.Write(options, folder, Console.Out);
        if (options.Report is { } file) Report.Write(result, file.FullName);
        return result.Holds ? ExitHolds : ExitViolated;
    }
    catch (DemoFailure failure)
    {
        Console.Error.WriteLine(failure.Message);
        return ExitFailed;
    }
    catch (OperationCanceledException) when (stop.IsCancellationRequested)
    {
        Console.Error.WriteLine("Ended before there was any traffic.");
        return ExitInterrupted;
    }
}
