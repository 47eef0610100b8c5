using System.Data.Common;
using Billing.Service.Charging;
using Billing.Service.Ledger;
using Billing.Service.Queries;

namespace Billing.Service.Operators;

/// <summary>Reads the log of acts.</summary>
public sealed class OperatorActReader(IDatabase database)
{
    const string Columns = "o.kind, o.operation_id, o.account_id, o.subject, o.actor, o.reason, o.detail, o.acted_at";

    internal async Task<OperatorAct?> Find(string kind, Guid operationId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var found = await database.Query(connection, $"select {Columns} from operator_act o where o.operation_id = $1 and o.kind = $2", Act, cancellationToken, operationId, kind);
        return found.FirstOrDefault();
    }

    internal async Task<IReadOnlyList<(long ActId, string? UserId, OperatorAct Act)>> List(ListOperatorActs request, TimeRange range, long? before, int count, CancellationToken cancellationToken)
    {
        var conditions = new Conditions()
            .Add("o.account_id = (select account_id from account where user_id = ?)", request.UserId).Add("o.actor = ?", request.Actor)
            .Add("o.acted_at >= ?", range.From).Add("o.acted_at < ?", range.To).Add("o.act_id < ?", before);
        await using var connection = await database.Open(cancellationToken);
        return await database.Query(connection,
            $"select {Columns}, o.act_id, (select user_id from account a where a.account_id = o.account_id) from operator_act o where {conditions} order by o.act_id desc limit {count}",
            reader => (reader.GetInt64(8), Text(reader, 9), Act(reader)), cancellationToken, conditions.Parameters);
    }

    OperatorAct Act(DbDataReader reader) => new()
    {
        Kind = reader.GetString(0),
        OperationId = reader.GetGuid(1),
        AccountId = reader.IsDBNull(2) ? null : reader.GetInt64(2),
        Subject = Text(reader, 3),
        Actor = reader.GetString(4),
        Reason = reader.GetString(5),
        Changes = OperatorActs.Changes(reader.GetString(6)),
        ActedAt = database.ReadInstant(reader, 7),
    };

    static string? Text(DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
