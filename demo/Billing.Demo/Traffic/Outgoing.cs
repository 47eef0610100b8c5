using Billing.Demo.Gateway;

namespace Billing.Demo.Traffic;

/// <summary>Deliveries on their way to the gateway: some are followed by repeats, and shuffled they overtake each other.</summary>
sealed class Outgoing(DemoOptions options, int batchMax, Repeats repeats, Random random, ApiGateway gateway)
{
    const int ShuffledMax = 100;

    readonly Shuffle? _shuffle = options.Shuffle ? new Shuffle(ShuffledMax) : null;

    double _repeatsDue;

    /// <summary>Sends a delivery, and the repeats that are due with it.</summary>
    public async Task Send(Delivery delivery)
    {
        repeats.Remember(delivery);
        await Pass(delivery);

        _repeatsDue += delivery.Usages.Count * options.Duplicates / (1 - options.Duplicates);
        while (_repeatsDue >= 1 && repeats.Draw(random, batchMax) is { } repeat)
        {
            _repeatsDue -= repeat.Usages.Count;
            await Pass(repeat);
        }
    }

    /// <summary>Sends what was held back.</summary>
    public async Task SendRest()
    {
        foreach (var delivery in _shuffle?.TakeRest() ?? []) await gateway.Send(delivery);
    }

    async Task Pass(Delivery delivery)
    {
        var next = _shuffle is null ? delivery : _shuffle.Exchange(delivery, random);
        if (next is not null) await gateway.Send(next);
    }
}
