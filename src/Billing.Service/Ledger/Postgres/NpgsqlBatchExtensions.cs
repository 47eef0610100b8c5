using Npgsql;

namespace Billing.Service.Ledger.Postgres;

static class NpgsqlBatchExtensions
{
    /// <summary>Adds a statement with its positional parameters.</summary>
    public static void Add(this NpgsqlBatch batch, string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        batch.BatchCommands.Add(command);
    }

    /// <summary>One positional parameter; an array is one, too.</summary>
    public static NpgsqlParameter Parameter<T>(T value) => new NpgsqlParameter<T> { TypedValue = value };

    /// <summary>One column of many rows, for <c>unnest</c>.</summary>
    public static NpgsqlParameter Column<TRow, TColumn>(TRow[] rows, Converter<TRow, TColumn> select) => Parameter(Array.ConvertAll(rows, select));
}
