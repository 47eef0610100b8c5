using System.Data.Common;
using System.Text.Json;
using Billing.Service.Charging;

namespace Billing.Service.Ledger;

/// <summary>The append-only log of what people did. The triggers of its table refuse any change of a row.</summary>
public static class OperatorActs
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Writes one act in the transaction that is open on this connection: for what is no batch of the ledger, such as a change of the catalogue.</summary>
    public static Task Write(IDatabase database, DbConnection connection, OperatorAct act, CancellationToken cancellationToken) => database.Execute(connection,
        "insert into operator_act (kind, operation_id, account_id, subject, actor, reason, detail, acted_at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        cancellationToken, act.Kind, act.OperationId, act.AccountId, act.Subject, act.Actor, act.Reason, Detail(act), act.ActedAt);

    /// <summary>What an act changed, as its row keeps it.</summary>
    internal static string Detail(OperatorAct act) => JsonSerializer.Serialize(act.Changes, Json);

    internal static IReadOnlyList<OperatorActChange> Changes(string detail) => JsonSerializer.Deserialize<List<OperatorActChange>>(detail, Json)!;
}
