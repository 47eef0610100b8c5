using System.Data.Common;
using Billing.Service.Ledger;
using Billing.Service.Queries;

namespace Billing.Service.Operators;

/// <summary>Reads <c>rejected_usage</c>: an operator's questions, on connections apart from those that charge.</summary>
public sealed class RejectedUsageReader(IDatabase database)
{
    const string Columns = "rejected_id, usage_id, content_hash, code, detail, user_id, service, payload, rejected_at, retried_at, retry_outcome, resolved_at";

    internal async Task<IReadOnlyList<RejectedRow>> List(ListRejectedUsage request, TimeRange range, long? before, int count, CancellationToken cancellationToken)
    {
        var conditions = new Conditions()
            .Add("code = ?", request.Reason).Add("user_id = ?", request.UserId)
            .Add("rejected_at >= ?", range.From).Add("rejected_at < ?", range.To).Add("rejected_id < ?", before);
        if (request.Resolved is { } resolved) conditions.Add(resolved ? "resolved_at is not null" : "resolved_at is null");
        return await Query($"select {Columns} from rejected_usage where {conditions} order by rejected_id desc limit {count}", Row, conditions, cancellationToken);
    }

    /// <summary>What is open, oldest first.</summary>
    internal async Task<IReadOnlyList<RejectedRow>> ToRetry(RetryRejected request, IReadOnlyCollection<string>? codes, long? after, int count, CancellationToken cancellationToken)
    {
        var conditions = new Conditions()
            .Add("resolved_at is null").Add("code = ?", request.RejectedFor).Add("usage_id = ?", request.UsageId?.ToString())
            .Add("user_id = ?", request.UserId).Add("rejected_id > ?", after);
        if (codes is not null) conditions.AddIn("code", codes);
        return await Query($"select {Columns} from rejected_usage where {conditions} order by rejected_id limit {count}", Row, conditions, cancellationToken);
    }

    internal async Task<IReadOnlyList<RejectedUsageCount>> Count(string? userId, CancellationToken cancellationToken)
    {
        var conditions = new Conditions().Add("user_id = ?", userId);
        return await Query(
            $"select code, count(*), count(*) - count(resolved_at) from rejected_usage where {conditions} group by code",
            reader => new RejectedUsageCount { Reason = reader.GetString(0), Rejected = reader.GetInt64(1), Open = reader.GetInt64(2) }, conditions, cancellationToken);
    }

    /// <summary>When those of these usages that are charged were. Looks into every day there is: the ids of a page, not of a flood.</summary>
    internal async Task<IReadOnlyDictionary<Guid, DateTimeOffset>> ChargedAt(IReadOnlyCollection<Guid> usageIds, CancellationToken cancellationToken)
    {
        if (usageIds.Count == 0) return new Dictionary<Guid, DateTimeOffset>();
        var conditions = new Conditions().AddIn("usage_id", usageIds);
        var rows = await Query($"select usage_id, charged_at from usage_record where {conditions}",
            reader => (UsageId: reader.GetGuid(0), ChargedAt: database.ReadInstant(reader, 1)), conditions, cancellationToken);
        return rows.ToDictionary(row => row.UsageId, row => row.ChargedAt);
    }

    async Task<List<T>> Query<T>(string sql, Func<DbDataReader, T> read, Conditions conditions, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await database.Query(connection, sql, read, cancellationToken, conditions.Parameters);
    }

    RejectedRow Row(DbDataReader reader) => new(
        reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2), reader.GetString(3), reader.GetString(4), Text(reader, 5), Text(reader, 6), reader.GetString(7),
        database.ReadInstant(reader, 8), Instant(reader, 9), Text(reader, 10), Instant(reader, 11));

    DateTimeOffset? Instant(DbDataReader reader, int column) => reader.IsDBNull(column) ? null : database.ReadInstant(reader, column);

    static string? Text(DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
