using Billing.Contracts;

namespace Billing.Demo.Traffic;

/// <summary>Who calls, how often, and with how much money they start.</summary>
sealed class Users(int count)
{
    /// <summary>What a usage of <see cref="Calls"/> costs on average.</summary>
    const double MeanCost = 0.16;

    const double EmptyShare = 0.10, ShortShare = 0.15;

    readonly Zipf _zipf = new(count);

    public int Count => count;

    public string Draw(Random random) => Name(_zipf.Draw(random));

    public static string Name(int index) => $"user-{index + 1:0000}";

    /// <summary>
    /// Most get more than they will need, some too little, so that they run dry within the run, and some nothing but the free
    /// quota.
    /// </summary>
    public IEnumerable<(string User, Money Funds)> StartingFunds(Random random, double usagesExpected)
    {
        for (var i = 0; i < count; i++)
        {
            var need = usagesExpected * _zipf.ShareOf(i) * MeanCost;
            var draw = random.NextDouble();
            var factor = draw < EmptyShare ? 0 : draw < EmptyShare + ShortShare ? 0.1 + 0.4 * random.NextDouble() : 1.5 + 2 * random.NextDouble();
            yield return (Name(i), Money.FromDecimal(decimal.Round((decimal)(need * factor), 2)));
        }
    }
}
