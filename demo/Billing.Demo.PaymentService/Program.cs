using System.CommandLine;
using System.Runtime.InteropServices;
using Billing.Demo.Payments;
using Billing.Demo.Payments.Broker;
using Billing.Demo.Payments.Journaling;

const string BrokerVariable = "BILLING_RABBITMQ_PAYMENT_SERVICE";

var broker = new Option<string?>("--broker")
{
    Description = $"amqp://payment-service:PASSWORD@HOST:PORT/billing [default: {BrokerVariable}]",
    DefaultValueFactory = _ => Environment.GetEnvironmentVariable(BrokerVariable),
};
var journal = new Option<FileInfo>("--journal") { Description = "The file of its payments; what stands there is gone on with", Required = true };
var seed = new Option<int>("--seed") { Description = "Which of the recharges misbehave", DefaultValueFactory = _ => 42 };
var payAfter = new Option<int>("--pay-after") { Description = "Milliseconds that a user takes to pay", DefaultValueFactory = _ => 500 };
var misbehave = new Option<double>("--misbehave") { Description = "Share of misbehaving payments among those whose channel does not say", DefaultValueFactory = _ => 0 };
broker.Validators.Add(result => { if (!Uri.TryCreate(result.GetValue(broker), UriKind.Absolute, out _)) result.AddError($"--broker, or else {BrokerVariable}, is the broker's address."); });
payAfter.Validators.Add(result => { if (result.GetValue(payAfter) is < 0 or > 3_600_000) result.AddError("--pay-after is 0 to 3600000 milliseconds."); });
misbehave.Validators.Add(result => { if (result.GetValue(misbehave) is not (>= 0 and <= 1)) result.AddError("--misbehave is a share from 0 to 1."); });

var root = new RootCommand("The demo's payment service: pays what is ordered, and misbehaves as the order's channel says (card, card:lose, card:twice ...).")
{
    broker, journal, seed, payAfter, misbehave,
};
root.SetAction((parsed, _) => Run(new Uri(parsed.GetValue(broker)!), parsed.GetValue(journal)!.FullName, new CashierOptions
{
    Seed = parsed.GetValue(seed),
    PayAfter = TimeSpan.FromMilliseconds(parsed.GetValue(payAfter)),
    MisbehavingShare = parsed.GetValue(misbehave),
}));
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });

static async Task<int> Run(Uri broker, string journalFile, CashierOptions options)
{
    using var stopping = new CancellationTokenSource();
    void End(PosixSignalContext signal)
    {
        signal.Cancel = true;
        stopping.Cancel();
    }

    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
    using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
    using var journal = new Journal(journalFile);
    await using var door = new BrokerDoor(broker, TimeProvider.System);
    await using var cashier = new Cashier(options, journal, door, TimeProvider.System);
    var said = false;
    cashier.Resume();
    await new BrokerDesk(broker, cashier, TimeProvider.System).Serve(() =>
    {
        if (!said) Console.WriteLine($"ready: {journal.AtStart.Count} lines in the journal");
        said = true;
    }, stopping.Token);
    return 0;
}
