using System.Diagnostics;
using System.Globalization;
using Billing.Contracts;
using Billing.Demo.Gateway;

namespace Billing.Demo.Traffic;

/// <summary>Makes the traffic at the offered rate and hands it to the gateway, which slows it down when it cannot follow.</summary>
sealed class TrafficGenerator(DemoOptions options, TrafficMix mix, WrongUsages wrong, Repeats repeats, TimeProvider time) : ITraffic
{
    const int BatchMax = 500;
    const double WrongShare = 0.002, NonsenseShare = 0.01, PlainShare = 0.05;
    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    readonly Users _users = new(options.Users);
    readonly Random _random = new(options.Seed);

    // A batch holds at most a tenth of a second's traffic, so that a slow run too has many.
    readonly int _batchMax = Math.Clamp(options.Rate / 10, 4, BatchMax);

    public string Description => string.Create(CultureInfo.InvariantCulture,
        $"{options.Users:#,0} users; {options.Rate:#,0} usages/s for {options.Seconds} s, {options.Duplicates:P0} delivered again{(options.Shuffle ? ", out of order" : "")}; Ctrl-C ends it early");

    public CheckQuota Probe { get; } = new() { UserId = Users.Name(0), Service = "search" };

    public TimeSpan Length => TimeSpan.FromSeconds(options.Seconds);

    public TimeSpan LengthMax => Length;

    public string DrawUser(Random random) => _users.Draw(random);

    public IEnumerable<StartingFunds> StartingFunds() =>
        from user in _users.StartingFunds(new Random(options.Seed), (double)options.Rate * options.Seconds)
        where user.Funds > Money.Zero
        select new StartingFunds(Guid.CreateVersion7(time.GetUtcNow()), user.User, user.Funds);

    public async Task Run(ApiGateway gateway, CancellationToken stop)
    {
        var outgoing = new Outgoing(options, _batchMax, repeats, _random, gateway);
        using var timer = new PeriodicTimer(Tick, time);
        var clock = Stopwatch.StartNew();
        var (dueBefore, open) = (0.0, 0.0);
        while (clock.Elapsed.TotalSeconds < options.Seconds && await Next(timer, stop))
        {
            var due = LoadCurve.DueAfter(Math.Min(clock.Elapsed.TotalSeconds, options.Seconds), options.Rate);
            // What the gateway could not take is not made up for later: at most one second's traffic stays due.
            open = Math.Min(open + due - dueBefore, options.Rate);
            dueBefore = due;
            while (open >= 1 && !stop.IsCancellationRequested) open -= await Send(gateway, outgoing);
        }
        await outgoing.SendRest();
    }

    static async Task<bool> Next(PeriodicTimer timer, CancellationToken stop)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Sends one delivery, and the repeats that are due with it; tells how many usages were new.</summary>
    async Task<int> Send(ApiGateway gateway, Outgoing outgoing)
    {
        var form = DrawForm();
        if (form is null)
        {
            await gateway.Deduct(NewUsage(mayBeWrong: false));
            return 1;
        }

        var delivery = NewDelivery(form.Value);
        await outgoing.Send(delivery);
        return delivery.Usages.Count;
    }

    // Shares are of usages, and a batch carries many: a draw by deliveries has to weigh each form by its size. Null: a deduction.
    DeliveryForm? DrawForm()
    {
        var meanBatch = (2 + _batchMax) / 2.0;
        var (batches, http) = (mix.Batches / meanBatch, mix.Http / meanBatch);
        var draw = _random.NextDouble() * (batches + http + mix.Singles + mix.Deductions);
        if (draw < mix.Deductions) return null;
        if (draw < mix.Deductions + mix.Singles) return DeliveryForm.Single;
        return draw < mix.Deductions + mix.Singles + batches ? DeliveryForm.Batch : DeliveryForm.Http;
    }

    Delivery NewDelivery(DeliveryForm form)
    {
        var usages = new DemoUsage[form == DeliveryForm.Single ? 1 : _random.Next(2, _batchMax + 1)];
        for (var i = 0; i < usages.Length; i++) usages[i] = NewUsage(mayBeWrong: true);
        var nonsense = form != DeliveryForm.Single && _random.NextDouble() < NonsenseShare ? WrongUsages.Nonsense(_random) : null;
        return new Delivery(form, usages, nonsense, Plain: _random.NextDouble() < PlainShare);
    }

    DemoUsage NewUsage(bool mayBeWrong)
    {
        var right = Calls.Draw(_random, _users.Draw(_random), time.GetUtcNow());
        return mayBeWrong && _random.NextDouble() < WrongShare
            ? new DemoUsage(wrong.Draw(_random, right), isWrong: true)
            : new DemoUsage(right, isWrong: false);
    }
}
