using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using Billing.Contracts;
using Billing.Demo;
using Billing.Demo.Progress;
using Billing.Demo.Replay;
using Billing.Demo.Stack;
using Billing.Demo.Summary;

const int ExitHolds = 0, ExitViolated = 1, ExitWrongUsage = 2, ExitFailed = 3, ExitInterrupted = 130;
const int RateEmbedded = 2_000, RateServers = 5_000, Recharges = 40;

var seconds = new Option<int>("--seconds") { Description = "How long traffic is sent", DefaultValueFactory = _ => 30 };
var rate = new Option<int?>("--rate") { Description = $"Usages offered per second, on average [default: {RateEmbedded} embedded, {RateServers} with servers]" };
var users = new Option<int>("--users") { Description = "Users; the n-th calls 1/n as often as the first", DefaultValueFactory = _ => 1_000 };
var duplicates = new Option<double>("--duplicates") { Description = "Share of deliveries that repeat an earlier one: single, whole batches, regrouped", DefaultValueFactory = _ => 0.05 };
var shuffle = new Option<bool>("--shuffle") { Description = "Deliver out of order" };
var seed = new Option<int>("--seed") { Description = "Seed of the traffic; ids and times are new in every run", DefaultValueFactory = _ => 42 };
var connections = new Option<int>("--connections") { Description = "Connections for mistakes and messages of other make, which the client library would not send", DefaultValueFactory = _ => 3 };
var instances = new Option<int>("--instances") { Description = "Processes of the service; more than one needs --servers", DefaultValueFactory = _ => 1 };
var gateways = new Option<int>("--gateways") { Description = "Gateways that call it, each with the client library, leases and connections of its own", DefaultValueFactory = _ => 2 };
var recharges = new Option<int?>("--recharges") { Description = $"Recharges that users start meanwhile; every second payment misbehaves [default: {Recharges}, none with --trace]" };
var trace = new Option<FileInfo?>("--trace") { Description = "Replay this recording instead: an access log of Apache, or a CSV with TIMESTAMP, ContextTokens, GeneratedTokens" };
var speed = new Option<string>("--speed") { Description = "Pace of a replay: 1 as recorded, N times faster, or max", DefaultValueFactory = _ => "max" };
var anchor = new Option<string?>("--anchor") { Description = "When the last call of a recording happened, such as 2026-11-22T10:00:00Z [default: now, or what --data remembers]" };
var contextPrice = new Option<string>("--context-price") { Description = "Price of a million context tokens", DefaultValueFactory = _ => "3.00" };
var generatedPrice = new Option<string>("--generated-price") { Description = "Price of a million generated tokens", DefaultValueFactory = _ => "15.00" };
var data = new Option<DirectoryInfo?>("--data") { Description = "Keep the databases in this folder, and go on there the next time: a recording that was replayed there is charged no second time" };
var report = new Option<FileInfo?>("--report") { Description = "Write the result as JSON to this file" };
var published = new Option<FileInfo?>("--published") { Description = "Write every confirmed usage as CSV to this file" };
var servers = new Option<bool>("--servers") { Description = "Use PostgreSQL and RabbitMQ, gateway and service as two processes, instead of all in this one" };
var keep = new Option<bool>("--keep") { Description = "Keep the folder of the run, with its database file and log" };

AtLeast(seconds, 1, 86_400);
AtLeast(users, 1, 1_000_000);
AtLeast(connections, 1, 100);
AtLeast(instances, 1, 16);
AtLeast(gateways, 1, 16);
instances.Validators.Add(result => { if (result.GetValue(instances) > 1 && !result.GetValue(servers)) result.AddError("--instances needs --servers: embedded, the service is this one process."); });
recharges.Validators.Add(result => { if (result.GetValue(recharges) is < 0 or > 10_000) result.AddError("--recharges is a whole number from 0 to 10000."); });
speed.Validators.Add(result => { if (!TryPace(result.GetValue(speed), out _)) result.AddError("--speed is max, or a number from 0.001 to 1000000."); });
anchor.Validators.Add(result => { if (result.GetValue(anchor) is { } text && InstantOf(text) is null) result.AddError("--anchor is a time with its offset, such as 2026-11-22T10:00:00Z."); });
foreach (var price in new[] { contextPrice, generatedPrice })
    price.Validators.Add(result => { if (!Money.TryParse(result.GetValue(price), out var amount) || amount.IsNegative) result.AddError($"{price.Name} is an amount such as 3.00."); });
rate.Validators.Add(result => { if (result.GetValue(rate) is < 1 or > 1_000_000) result.AddError("--rate is a whole number from 1 to 1000000."); });
duplicates.Validators.Add(result => { if (result.GetValue(duplicates) is not (>= 0 and <= 0.9)) result.AddError("--duplicates is a share from 0 to 0.9, such as 0.05."); });

var root = new RootCommand("Shows the billing service at work: a gateway sends generated traffic, users pay recharges, an audit proves that every confirmed usage is charged, and every payment credited, exactly once.")
{
    seconds, rate, users, duplicates, shuffle, seed, connections, instances, gateways, recharges, trace, speed, anchor, contextPrice, generatedPrice, data, report, published, servers, keep,
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
        Instances = parsed.GetValue(instances),
        Gateways = parsed.GetValue(gateways),
        Recharges = parsed.GetValue(recharges) ?? (parsed.GetValue(trace) is null ? Recharges : 0),
        Report = parsed.GetValue(report),
        Published = parsed.GetValue(published),
        Servers = withServers,
        Keep = parsed.GetValue(keep),
        Data = parsed.GetValue(data)?.FullName,
        Replay = parsed.GetValue(trace) is { } file ? ReplayOf(file, parsed) : null,
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

ReplayOptions ReplayOf(FileInfo file, ParseResult parsed) => new()
{
    File = file.FullName,
    Speed = TryPace(parsed.GetValue(speed), out var pace) ? pace : null,
    Anchor = parsed.GetValue(anchor) is { } text ? InstantOf(text) : null,
    Prices = new TokenPrices(Money.Parse(parsed.GetValue(contextPrice)!), Money.Parse(parsed.GetValue(generatedPrice)!)),
    Users = parsed.GetValue(users),
    Seed = parsed.GetValue(seed),
};

// Null: as fast as the doors take it.
static bool TryPace(string? text, out double? pace)
{
    pace = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;
    return text == "max" || pace is >= 0.001 and <= 1_000_000;
}

static DateTimeOffset? InstantOf(string text) =>
    DateTimeOffset.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFK", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var instant) && (text.EndsWith('Z') || text[^6] is '+' or '-')
        ? instant
        : null;

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
    using var folder = new RunFolder(options.Data) { Keep = options.Keep };
    var display = ProgressDisplay.ForThisTerminal();
    try
    {
        var notes = new Notes();
        var plan = options.Replay is { } replay ? ReplayPlan.Of(replay, folder.ReplayFile, TimeProvider.System.GetUtcNow()) : null;
        string? catalogue = null;
        if (plan is not null) TraceCatalogue.Write(plan, catalogue = folder.CatalogueFile);
        RunResult result;
        await using (IStack stack = options.Servers ? new ServersStack(folder, options.Instances, catalogue, notes, TimeProvider.System) : new EmbeddedStack(folder, catalogue))
            result = await new DemoRun(options, plan, stack, folder, notes, display, TimeProvider.System).Execute(stop.Token);

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
