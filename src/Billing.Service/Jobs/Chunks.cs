using Billing.Service.Ledger;

namespace Billing.Service.Jobs;

static class Chunks
{
    /// <summary>So many rows are gone in a moment: who charges on SQLite, where there is one writer, waits no longer than that.</summary>
    const int AtOnceMax = 1_000;

    /// <param name="sql">Deletes what is older than $1, $2 rows at most.</param>
    /// <returns>How many rows were deleted, each chunk by a transaction of its own.</returns>
    public static async Task<long> DeleteInChunks(this IDatabase database, string sql, CancellationToken cancellationToken, DateTimeOffset before)
    {
        var deleted = 0L;
        while (true)
        {
            var chunk = await DeleteChunk(database, sql, before, cancellationToken);
            deleted += chunk;
            if (chunk < AtOnceMax) return deleted;
        }
    }

    static async Task<int> DeleteChunk(IDatabase database, string sql, DateTimeOffset before, CancellationToken cancellationToken)
    {
        using var turn = await database.WaitToWrite(cancellationToken);
        await using var connection = await database.Open(cancellationToken);
        return await database.Execute(connection, sql, cancellationToken, before, AtOnceMax);
    }
}
