using Billing.Service.Ledger;

namespace Billing.Demo.Summary;

/// <summary>What the database says, counted row by row.</summary>
sealed record Totals(long Charged, long FreeUnits, decimal AmountNanos, IReadOnlyDictionary<string, long> Rejected, long AccountsInDebt, decimal DebtNanos)
{
    const decimal NanosPerUnit = 1_000_000_000;

    public decimal Amount => AmountNanos / NanosPerUnit;

    public decimal Debt => DebtNanos / NanosPerUnit;

    public static async Task<Totals> Of(IDatabase database, CancellationToken cancellationToken)
    {
        var (charged, freeUnits, amount) = (await database.Read(
            "select count(*), cast(coalesce(sum(free_units), 0) as bigint), coalesce(sum(amount_nanos), 0) from usage_record",
            reader => (reader.GetInt64(0), reader.GetInt64(1), reader.GetDecimal(2)), cancellationToken))[0];
        var rejected = await database.Read(
            "select code, count(*) from rejected_usage group by code order by code", reader => (reader.GetString(0), reader.GetInt64(1)), cancellationToken);
        var (inDebt, debt) = (await database.Read(
            "select count(*), coalesce(-sum(balance_nanos), 0) from account where balance_nanos < 0",
            reader => (reader.GetInt64(0), reader.GetDecimal(1)), cancellationToken))[0];
        return new Totals(charged, freeUnits, amount, rejected.ToDictionary(row => row.Item1, row => row.Item2), inDebt, debt);
    }

    /// <summary>What this run added; who is in debt is told as it stands.</summary>
    public Totals Since(Totals before) => this with
    {
        Charged = Charged - before.Charged,
        FreeUnits = FreeUnits - before.FreeUnits,
        AmountNanos = AmountNanos - before.AmountNanos,
        Rejected = Rejected.Select(row => (row.Key, Count: row.Value - before.Rejected.GetValueOrDefault(row.Key)))
            .Where(row => row.Count > 0).ToDictionary(row => row.Key, row => row.Count),
    };
}
