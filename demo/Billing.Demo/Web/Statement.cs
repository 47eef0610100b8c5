using Billing.Contracts;

namespace Billing.Demo.Web;

/// <summary>One movement of a balance, as a page showed it, with the running number that the database has for it.</summary>
/// <param name="Delta">Added to the balance.</param>
/// <param name="Record">When it is a usage.</param>
sealed record Movement(long Number, Money Delta, Money BalanceAfter, RecordLine? Record);

/// <summary>All that the pages of one user's records and entries showed.</summary>
static class Statement
{
    /// <summary>Empty when the numbers up to the given one are all there, once, and each balance follows from the one before.</summary>
    /// <param name="upTo">Movements that were there before the first page was asked for; what came meanwhile may be shown or not.</param>
    public static IReadOnlyList<string> Problems(IReadOnlyCollection<Movement> movements, long upTo)
    {
        var problems = movements.GroupBy(movement => movement.Number).Where(same => same.Count() > 1).Select(same => $"movement {same.Key} is shown {same.Count()} times").ToList();
        var byNumber = movements.DistinctBy(movement => movement.Number).ToDictionary(movement => movement.Number);
        var balance = Money.Zero;
        for (var number = 1L; number <= upTo; number++)
        {
            if (!byNumber.TryGetValue(number, out var movement))
            {
                problems.Add($"movement {number} of {upTo} is not shown");
                return problems;
            }
            balance += movement.Delta;
            if (movement.BalanceAfter != balance)
            {
                problems.Add($"after movement {number} the balance is shown as {movement.BalanceAfter}, and the movements come to {balance}");
                return problems;
            }
        }
        return problems;
    }

    /// <summary>What the records up to a number add up to, to be held against statistics of all time.</summary>
    public static UsageSums Sums(IEnumerable<Movement> movements, long upTo) => movements
        .Where(movement => movement.Number <= upTo).Select(movement => movement.Record).OfType<RecordLine>()
        .Aggregate(default(UsageSums), (sum, record) => new UsageSums(
            sum.Usages + 1, sum.Units + record.Quantity, sum.FreeUnits + record.FreeUnits, sum.PaidUnits + record.PaidUnits, sum.Cost + record.Cost, sum.Amount + record.Amount));
}

/// <summary>What usage adds up to.</summary>
readonly record struct UsageSums(long Usages, long Units, long FreeUnits, long PaidUnits, Money Cost, Money Amount)
{
    public static UsageSums Of(StatisticsGroup group) => new(group.Usages, group.Units, group.FreeUnits, group.PaidUnits, group.Cost, group.Amount);

    /// <summary>Whether nothing in it is less than before.</summary>
    public bool IsNotLessThan(UsageSums before) =>
        Usages >= before.Usages && Units >= before.Units && FreeUnits >= before.FreeUnits && PaidUnits >= before.PaidUnits && Cost >= before.Cost && Amount >= before.Amount;
}
