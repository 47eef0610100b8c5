using Billing.Service.Ledger;

namespace Billing.Demo.Summary;

/// <summary>What became of the gateways' leases, in the database.</summary>
/// <param name="Open">Still hold funds after the gateways' end; they are given back when their time is over.</param>
/// <param name="LateUnits">Units that came when their lease was over, and were charged as any other.</param>
sealed record LeaseResult(long Taken, long Open, long LateUnits)
{
    public static async Task<LeaseResult> Of(IDatabase database, CancellationToken cancellationToken) => (await database.Read(
        "select count(*), count(*) - count(closed_at), cast(coalesce(sum(late_quantity), 0) as bigint) from reservation",
        reader => new LeaseResult(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2)), cancellationToken))[0];

    public LeaseResult Since(LeaseResult before) => new(Taken - before.Taken, Open - before.Open, LateUnits - before.LateUnits);
}
