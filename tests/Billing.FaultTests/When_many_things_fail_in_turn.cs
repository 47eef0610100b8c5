using System.Diagnostics;
using System.Globalization;
using Billing.FaultTests.Harness;
using Billing.FaultTests.Harness.Recharges;

namespace Billing.FaultTests;

/// <summary>Two services under usage, deductions, checks and recharges, and one fault after the other; compared when all is quiet again.</summary>
[Collection(PrivateServers.Collection)]
public sealed class When_many_things_fail_in_turn(PrivateServers servers, ITestOutputHelper output)
{
    const int OrdersOfRound = 6;
    const int MinutesUnlessGiven = 3;

    [Fact]
    public Task One_of_each_kind_costs_only_time() => Endure(async (nemesis, order) =>
    {
        var second = TimeSpan.FromSeconds(1);
        foreach (var (name, _) in nemesis.Faults)
        {
            // What only starts has nothing in hand that could be lost.
            if (name.Contains("service", StringComparison.Ordinal)) await nemesis.Rest();
            order();
            await nemesis.Strike(name, 2 * second);
        }
    });

    /// <summary>What and when is the seed's choice. <c>./test.sh faults --minutes N --seed S</c>.</summary>
    [Fact]
    [Trait(Schedules.Trait, Schedules.Long)]
    public Task Whatever_the_seed_chooses_costs_only_time() => Endure(async (nemesis, order) =>
    {
        var given = Environment.GetEnvironmentVariable("BILLING_FAULT_MINUTES");
        var lasting = TimeSpan.FromMinutes(int.TryParse(given, CultureInfo.InvariantCulture, out var minutes) ? minutes : MinutesUnlessGiven);
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < lasting)
        {
            order();
            await nemesis.StrikeAtRandom();
            await Task.Delay(TimeSpan.FromSeconds(1));
        }
    });

    async Task Endure(Func<Nemesis, Action, Task> faults)
    {
        await using var stack = await ServersStack.Create(servers, output);
        await stack.Begin();
        var address = stack.Service.Address;
        var nemesis = await Nemesis.Of(stack);
        await using var payments = stack.StartPaymentService();
        await using var readers = new QuotaReaders(address);
        var load = stack.StartLoad();
        var orders = new List<RechargeLoad>();
        await stack.Confirmed(more: 500);

        await faults(nemesis, () => orders.Add(RechargeLoad.Start(address, OrdersOfRound, orders.Count * OrdersOfRound)));

        stack.Note("all is healed");
        await nemesis.Rest();
        await stack.Confirmed(more: 500);
        await load.Finish();
        await stack.Check(orders, payments);
    }
}
