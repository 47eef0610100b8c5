namespace Billing.Demo.Traffic;

/// <summary>Zipf's law with exponent 1: the n-th user calls 1/n as often as the first.</summary>
sealed class Zipf
{
    readonly double[] _upTo;

    public Zipf(int count)
    {
        _upTo = new double[count];
        var sum = 0.0;
        for (var i = 0; i < count; i++) _upTo[i] = sum += 1.0 / (i + 1);
        for (var i = 0; i < count; i++) _upTo[i] /= sum;
    }

    public double ShareOf(int index) => _upTo[index] - (index == 0 ? 0 : _upTo[index - 1]);

    public int Draw(Random random) => At(random.NextDouble());

    /// <summary>The index that a number from 0 to below 1 falls on.</summary>
    public int At(double chance)
    {
        var found = Array.BinarySearch(_upTo, chance);
        return Math.Min(found < 0 ? ~found : found + 1, _upTo.Length - 1);
    }
}
