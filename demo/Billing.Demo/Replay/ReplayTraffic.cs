using System.Globalization;
using Billing.Contracts;
using Billing.Demo.Gateway;
using Billing.Demo.Traffic;
using Billing.Service.Charging;

namespace Billing.Demo.Replay;

/// <summary>Reads the recording once more and hands it to the gateway, as fast as the doors take it or at a multiple of the pace at which it was recorded.</summary>
sealed class ReplayTraffic(DemoOptions options, ReplayPlan plan, TrafficMix mix, Repeats repeats, TimeProvider time) : ITraffic
{
    const int BatchMax = 200;
    const double FundsFactor = 1.5, PlainShare = 0.05;
    const int UnfundedOneIn = 10;

    /// <summary>A gateway that gets fewer usages rid of in a second is not waited for.</summary>
    const double SlowestPerSecond = 50;

    static readonly TimeSpan RechargesBeside = TimeSpan.FromSeconds(10), TickMin = TimeSpan.FromMilliseconds(10);

    readonly Random _random = new(options.Seed);
    readonly string[] _users = [.. plan.Survey.Users.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Calls of the recording that were handed to the gateway, repeats not counted.</summary>
    public long Sent { get; private set; }

    public string Description => string.Create(CultureInfo.InvariantCulture,
        $"{(plan.Options.Speed is { } speed ? $"at {speed:0.##} times the pace of the recording" : "as fast as the doors take it")}, {options.Duplicates:P0} delivered again{(options.Shuffle ? ", out of order" : "")}; Ctrl-C ends it early");

    public CheckQuota Probe { get; } = new()
    {
        UserId = plan.Survey.Users.Keys.First(), Service = plan.Survey.Services.First(), Quantity = 1, Cost = plan.File.Format.HasCosts ? Money.Zero : null,
    };

    public TimeSpan Length => plan.Options.Speed is { } speed ? Paced(plan.Survey.Last, speed) : RechargesBeside;

    public TimeSpan LengthMax => (plan.Options.Speed is null ? TimeSpan.Zero : Length) + TimeSpan.FromSeconds(30 + plan.Survey.Calls / SlowestPerSecond);

    public string DrawUser(Random random) => _users[random.Next(_users.Length)];

    /// <summary>Ids that follow from recording and user: money to start with is there once, however often the recording is replayed.</summary>
    public IEnumerable<StartingFunds> StartingFunds()
    {
        for (var i = 0; i < _users.Length; i++)
        {
            var need = plan.Survey.Users[_users[i]];
            var amount = Money.FromDecimal(decimal.Round((need.Costs.ToDecimal() + need.Calls * TraceCatalogue.CallPrice.ToDecimal()) * (decimal)FundsFactor, 2, MidpointRounding.ToPositiveInfinity));
            // A few have nothing but the free quota, and run into debt.
            if (i % UnfundedOneIn != 0 && amount > Money.Zero) yield return new StartingFunds(DerivedId.Of("demo.replay.funds", plan.File.Id.Hash, _users[i]), _users[i], amount);
        }
    }

    public async Task Run(ApiGateway gateway, CancellationToken stop)
    {
        var outgoing = new Outgoing(options, BatchMax, repeats, _random, gateway);
        var (began, waiting, size) = (time.GetTimestamp(), new List<DemoUsage>(), DrawSize());
        foreach (var line in plan.File.Lines())
        {
            if (stop.IsCancellationRequested) break;
            if (line.Call is not { } call) continue;
            if (plan.Options.Speed is { } speed && Paced(call.At, speed) - time.GetElapsedTime(began) is var ahead && ahead > TickMin)
            {
                // What is due goes out before the pause.
                await Flush();
                await Task.Delay(ahead, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (stop.IsCancellationRequested) break;
            }
            waiting.Add(new DemoUsage(plan.UsageOf(line.Number, call), isWrong: false));
            Sent++;
            if (waiting.Count >= size) await Flush();
        }
        await Flush();
        await outgoing.SendRest();

        async Task Flush()
        {
            if (waiting.Count > 0) await outgoing.Send(DeliveryOf([.. waiting]));
            waiting.Clear();
            size = DrawSize();
        }
    }

    TimeSpan Paced(DateTimeOffset at, double speed) => (at - plan.Survey.First) / speed;

    // Batches carry many, so a single message is drawn more often than its share of the usages.
    int DrawSize() => _random.NextDouble() < mix.Singles * 2 ? 1 : _random.Next(2, BatchMax + 1);

    Delivery DeliveryOf(IReadOnlyList<DemoUsage> usages)
    {
        var plain = _random.NextDouble() < PlainShare;
        if (usages.Count == 1) return new Delivery(DeliveryForm.Single, usages, Plain: plain);
        return new Delivery(_random.NextDouble() < mix.Http / (mix.Http + mix.Batches) ? DeliveryForm.Http : DeliveryForm.Batch, usages, Plain: plain);
    }
}
