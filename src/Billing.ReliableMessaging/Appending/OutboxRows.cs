using System.Data.Common;
using Billing.ReliableMessaging.Engines;
using Npgsql;

namespace Billing.ReliableMessaging;

/// <summary>Messages that are ready to be inserted into an outbox.</summary>
public sealed class OutboxRows
{
    readonly OutboxSql _sql;

    internal OutboxRows(OutboxSql sql, IReadOnlyList<OutboxMessage> messages) => (_sql, Messages) = (sql, messages);

    public IReadOnlyList<OutboxMessage> Messages { get; }

    /// <summary>Inserts them in the caller's transaction.</summary>
    public Task Insert(DbTransaction transaction, CancellationToken cancellationToken = default) => _sql.Append(transaction, Messages, cancellationToken);

    /// <summary>The one statement that inserts them, to go into a batch with others; PostgreSQL only.</summary>
    /// <exception cref="InvalidOperationException">The outbox is on another engine.</exception>
    public NpgsqlBatchCommand ToBatchCommand()
    {
        if (_sql is not PostgresSql postgres) throw new InvalidOperationException("Only PostgreSQL takes batches of statements.");
        var command = new NpgsqlBatchCommand(postgres.AppendStatement);
        foreach (var parameter in PostgresSql.AppendParameters(Messages)) command.Parameters.Add(parameter);
        return command;
    }
}
