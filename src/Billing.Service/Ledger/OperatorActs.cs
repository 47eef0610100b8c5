using System.Data.Common;
using System.Text.Json;
using Billing.Service.Charging;

namespace Billing.Service.Ledger;

/// <summary>The append-only log of what people did. The triggers of its table refuse any change of a row.</summary>
public static class OperatorActs
{
    const string Insert = "insert into operator_act (kind, operation_id, account_id, subject, actor, reason, detail, acted_at) values ($1, $2, $3, $4, $5, $6, $7, $8)";

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Writes one act in the transaction that is open on this connection: for what is no batch of the ledger, such as a change of the catalogue.</summary>
    public static Task Write(IDatabase database, DbConnection connection, OperatorAct act, CancellationToken cancellationToken) =>
        Execute(database, connection, Insert, act, cancellationToken);

    /// <summary>The same for an act whose own row is what remembers its id. False: it was there, and what it tells of is not to be done again.</summary>
    public static async Task<bool> WriteOnce(IDatabase database, DbConnection connection, OperatorAct act, CancellationToken cancellationToken)
    {
        var known = await database.Query(connection, "select 1 from operator_act where operation_id = $1 and kind = $2", reader => reader.GetInt32(0), cancellationToken, act.OperationId, act.Kind);
        if (known.Count > 0) return false;
        // Where several may write, the second of two that repeat each other at once waits here for the first, and then finds its row.
        return await Execute(database, connection, $"{Insert} on conflict (operation_id, kind) do nothing", act, cancellationToken) == 1;
    }

    static Task<int> Execute(IDatabase database, DbConnection connection, string sql, OperatorAct act, CancellationToken cancellationToken) => database.Execute(
        connection, sql, cancellationToken, act.Kind, act.OperationId, act.AccountId, act.Subject, act.Actor, act.Reason, Detail(act), act.ActedAt);

    /// <summary>What an act changed, as its row keeps it.</summary>
    internal static string Detail(OperatorAct act) => JsonSerializer.Serialize(act.Changes, Json);

    internal static IReadOnlyList<OperatorActChange> Changes(string detail) => JsonSerializer.Deserialize<List<OperatorActChange>>(detail, Json)!;
}
