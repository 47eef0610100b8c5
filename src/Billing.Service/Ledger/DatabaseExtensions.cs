using System.Data.Common;

namespace Billing.Service.Ledger;

static class DatabaseExtensions
{
    public static async Task<int> Execute(this IDatabase database, DbConnection connection, string sql, CancellationToken cancellationToken, params object?[] parameters)
    {
        await using var command = database.Statement(connection, sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public static async Task<List<T>> Query<T>(
        this IDatabase database, DbConnection connection, string sql, Func<DbDataReader, T> read, CancellationToken cancellationToken, params object?[] parameters)
    {
        await using var command = database.Statement(connection, sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken)) rows.Add(read(reader));
        return rows;
    }
}
