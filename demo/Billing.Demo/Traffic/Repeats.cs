namespace Billing.Demo.Traffic;

/// <summary>
/// Deliveries that come again, as a broker or a gateway in doubt sends them: a single usage, a whole batch, and usages regrouped
/// into batches that never were. Remembers the last ones only: a repeat may overtake its first delivery, or follow it by seconds.
/// </summary>
sealed class Repeats
{
    const int UsagesKept = 20_000;
    const int DeliveriesKept = 200;

    readonly Lock _lock = new();
    readonly List<DemoUsage> _usages = [];
    readonly List<Delivery> _deliveries = [];
    int _nextUsage, _nextDelivery;

    public void Remember(DemoUsage usage)
    {
        lock (_lock) Keep(_usages, UsagesKept, ref _nextUsage, usage);
    }

    public void Remember(Delivery delivery)
    {
        lock (_lock)
        {
            foreach (var usage in delivery.Usages) Keep(_usages, UsagesKept, ref _nextUsage, usage);
            if (delivery.Usages.Count > 1) Keep(_deliveries, DeliveriesKept, ref _nextDelivery, delivery);
        }
    }

    /// <summary>Null while nothing was sent yet.</summary>
    public Delivery? Draw(Random random, int batchMax)
    {
        lock (_lock)
        {
            if (_usages.Count == 0) return null;
            return random.Next(10) switch
            {
                < 4 => new Delivery(DeliveryForm.Single, [Any(random)]),
                < 6 when _deliveries.Count > 0 => _deliveries[random.Next(_deliveries.Count)],
                _ => Regrouped(random, batchMax),
            };
        }
    }

    Delivery Regrouped(Random random, int batchMax)
    {
        var size = Math.Min(random.Next(2, batchMax + 1), _usages.Count);
        // A usage may even stand in one batch twice.
        var usages = new List<DemoUsage>(size);
        for (var i = 0; i < size; i++) usages.Add(Any(random));
        return new Delivery(random.Next(4) == 0 ? DeliveryForm.Http : DeliveryForm.Batch, usages);
    }

    DemoUsage Any(Random random) => _usages[random.Next(_usages.Count)];

    static void Keep<T>(List<T> kept, int max, ref int next, T item)
    {
        if (kept.Count < max) kept.Add(item);
        else kept[next] = item;
        next = (next + 1) % max;
    }
}
