using Npgsql;

namespace Billing.Service.Ledger.Postgres;

static class NpgsqlBatchExtensions
{
    /// <summary>Adds a statement with its positional parameters; an array is one parameter.</summary>
    public static void Add(this NpgsqlBatch batch, string sql, params ReadOnlySpan<object> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        batch.BatchCommands.Add(command);
    }
}
