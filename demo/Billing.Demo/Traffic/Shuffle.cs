namespace Billing.Demo.Traffic;

/// <summary>Lets deliveries overtake each other: holds some back and gives out any of them.</summary>
sealed class Shuffle(int held)
{
    readonly List<Delivery> _deliveries = [];

    /// <summary>The delivery that goes out in this one's place, if there are enough to choose from.</summary>
    public Delivery? Exchange(Delivery delivery, Random random)
    {
        _deliveries.Add(delivery);
        return _deliveries.Count > held ? Take(random.Next(_deliveries.Count)) : null;
    }

    public IEnumerable<Delivery> TakeRest()
    {
        while (_deliveries.Count > 0) yield return Take(_deliveries.Count - 1);
    }

    Delivery Take(int index)
    {
        var delivery = _deliveries[index];
        _deliveries[index] = _deliveries[^1];
        _deliveries.RemoveAt(_deliveries.Count - 1);
        return delivery;
    }
}
