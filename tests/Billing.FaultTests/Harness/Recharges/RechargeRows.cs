using System.Data.Common;

namespace Billing.FaultTests.Harness.Recharges;

/// <summary>What the database says of the recharges, by plain SQL, on either engine.</summary>
static class RechargeRows
{
    public static async Task<RechargeVerdict> Read(DbConnection connection, bool postgres)
    {
        var (ledger, recharges, inFile) = postgres ? ("ledger.", "recharges.", "") : ("", "", "recharge_");
        var id = postgres ? "r.recharge_id" : "lower(r.recharge_id)";
        return new RechargeVerdict
        {
            Completed = await Pairs(connection, $"select {id}, credit from {recharges}recharge r where current_state = 'Completed'"),
            Credits = await Pairs(connection, $"select recharge_id, amount_nanos from {ledger}ledger_entry where kind = 1"),
            OtherStates = await Number(connection, $"select count(*) from {recharges}recharge where current_state <> 'Completed'"),
            Unmatched = await Number(connection, $"select count(*) from {recharges}unmatched_payments"),
            ConsumedTwice = await Number(connection, $"select count(*) from (select 1 from {recharges}recharge_history group by recharge_id, message_id, event having count(*) > 1) twice"),
            Undelivered = await Number(connection, $"select (select count(*) from {recharges}{inFile}outbox_message where scheduling_token_id is null) + (select count(*) from {ledger}outbox_message)"),
        };
    }

    static async Task<IReadOnlyList<(Guid Recharge, long Nanos)>> Pairs(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var pairs = new List<(Guid, long)>();
        while (await reader.ReadAsync()) pairs.Add((reader.GetValue(0) is Guid id ? id : Guid.Parse(reader.GetString(0)), reader.GetInt64(1)));
        return pairs;
    }

    static async Task<long> Number(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(await command.ExecuteScalarAsync());
    }
}
