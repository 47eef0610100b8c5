using System.Collections.Concurrent;
using Billing.Contracts;
using Billing.Demo.Gateway;
using Billing.Demo.Traffic;

namespace Billing.Demo.Recharges;

/// <summary>Users who run low order recharges while the usage goes on. Every second payment misbehaves, in every way in turn.</summary>
sealed class RechargeTraffic(DemoOptions options, ITraffic traffic, IReadOnlyList<string> misbehaviours, IRechargeDoor door, HttpDoor http, string currency, TimeProvider time)
{
    const double ShareOfTheTime = 0.8;
    const int Draws = 10;
    const int RepeatOneIn = 4;
    static readonly Money Low = Money.Parse("1.00");
    static readonly string[] Amounts = ["5.00", "10.00", "20.00", "50.00"];

    readonly Random _random = new(options.Seed);
    readonly ConcurrentQueue<StartedRecharge> _started = new();
    readonly ConcurrentQueue<StartRecharge> _unanswered = new();

    public IReadOnlyCollection<StartedRecharge> Started => _started;

    /// <summary>What became of these nobody was told.</summary>
    public IReadOnlyCollection<StartRecharge> Unanswered => _unanswered;

    /// <summary>Returns when every order is answered, or given up.</summary>
    public async Task Run(CancellationToken stop, CancellationToken giveUp)
    {
        var pause = TimeSpan.FromSeconds(traffic.Length.TotalSeconds * ShareOfTheTime / Math.Max(1, options.Recharges));
        var orders = new List<Task>();
        for (var number = 0; number < options.Recharges && !stop.IsCancellationRequested; number++)
        {
            var order = new StartRecharge
            {
                UserId = await WhoIsLow(giveUp),
                Amount = Money.Parse(Amounts[_random.Next(Amounts.Length)]),
                Currency = currency,
                Channel = number % 2 == 0 ? "card" : $"card:{misbehaviours[number / 2 % misbehaviours.Count]}",
                IdempotencyKey = Guid.CreateVersion7(time.GetUtcNow()).ToString(),
            };
            orders.Add(Place(order, twice: number % RepeatOneIn == 0, giveUp));
            await Task.Delay(pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await Task.WhenAll(orders);
    }

    async Task<string> WhoIsLow(CancellationToken giveUp)
    {
        var user = traffic.DrawUser(_random);
        for (var draw = 1; draw < Draws && await BalanceOf(user, giveUp) >= Low; draw++) user = traffic.DrawUser(_random);
        return user;
    }

    async Task<Money> BalanceOf(string user, CancellationToken giveUp)
    {
        try
        {
            return await http.BalanceOf(user, giveUp);
        }
        catch (Exception exception) when (HttpDoor.IsOutage(exception) && !giveUp.IsCancellationRequested)
        {
            // A page that cannot show the balance lets its user recharge all the same.
            return Money.Zero;
        }
    }

    /// <summary>A page in doubt orders again with the same key: it is the same recharge.</summary>
    async Task Place(StartRecharge order, bool twice, CancellationToken giveUp)
    {
        var answer = await Start(order, giveUp);
        if (answer is null)
        {
            _unanswered.Enqueue(order);
            return;
        }
        if (answer.Code is { } code) throw new DemoFailure($"An order of {order.UserId} was refused with {code}: {answer.Detail}");
        _started.Enqueue(new StartedRecharge(answer.RechargeId, order));
        if (twice && await Start(order, giveUp) is { } again && again.RechargeId != answer.RechargeId)
            throw new DemoFailure($"The same order of {order.UserId} was answered with two recharges, {answer.RechargeId} and {again.RechargeId}.");
    }

    Task<RechargeStatus?> Start(StartRecharge order, CancellationToken giveUp) => Patience.UntilAnswered(cancellationToken => door.Start(order, cancellationToken), time, giveUp);
}
