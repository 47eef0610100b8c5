using System.Data.Common;
using Billing.Service.Ledger;

namespace Billing.Demo.Summary;

/// <summary>The demo's own statements, which both engines understand: it counts by itself instead of believing the service.</summary>
static class Sql
{
    public static async Task<List<T>> Read<T>(this IDatabase database, string sql, Func<DbDataReader, T> read, CancellationToken cancellationToken, params object?[] parameters)
    {
        await using var connection = await database.Open(cancellationToken);
        await using var command = database.Statement(connection, sql, parameters);
        command.CommandTimeout = 60;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken)) rows.Add(read(reader));
        return rows;
    }
}
