using System.Net.Sockets;
using Billing.ReliableMessaging;
using Billing.Service.Charging;
using Npgsql;

namespace Billing.Service.Ledger.Postgres;

/// <summary>The ledger in PostgreSQL: READ COMMITTED with row locks in account order; two round trips a batch, three when it names a new user.</summary>
public sealed class PostgresLedgerStore(NpgsqlDataSource dataSource, IOutbox<LedgerOutbox> outbox) : ILedgerStore
{
    // Lanes keep the work on one account in one transaction, so more connections than cores only stand in line.
    const int Lanes = 2;

    readonly AccountNumbers _accounts = new(dataSource);

    public int ConcurrentBatchesMax => Lanes;

    public async Task<ILedgerTransaction> Begin(BatchKeys keys, CancellationToken cancellationToken)
    {
        var accountIds = await _accounts.Of(keys.Users, cancellationToken);
        var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var transaction = new PostgresLedgerTransaction(connection, outbox);
        try
        {
            await transaction.LockAndRead(keys, accountIds, cancellationToken);
            if (keys.Users.All(transaction.Snapshot.Accounts.ContainsKey)) return transaction;

            _accounts.Forget();
            throw new AccountsMovedException();
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    public Task<AccountView?> Read(string userId, DateOnly month, CancellationToken cancellationToken) =>
        PostgresAccountReader.Read(dataSource, userId, month, cancellationToken);

    public async Task Ping(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("select 1");
        await command.ExecuteScalarAsync(cancellationToken);
    }

    public FailureKind Classify(Exception exception) => exception switch
    {
        CatalogueChangedException => FailureKind.Conflict,
        AccountsMovedException => FailureKind.Conflict,
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure } => FailureKind.Conflict,
        // The classes of SQLSTATE that speak of the data, not of the server: 21 cardinality, 22 data, 23 integrity.
        PostgresException { SqlState: ['2', '1' or '2' or '3', ..] } => FailureKind.Unwritable,
        PostgresException { SqlState: PostgresErrorCodes.InvalidSqlStatementName } => Mistrusted(),
        NpgsqlException or SocketException or IOException or TimeoutException => FailureKind.Unavailable,
        _ => FailureKind.Unexpected,
    };

    /// <summary>A connection whose commands were cut short may take statements for prepared that the server has never seen, for as long as it lives: none is used again.</summary>
    FailureKind Mistrusted()
    {
        dataSource.Clear();
        return FailureKind.Unavailable;
    }

    /// <summary>The account ids that this process remembers are not those of the database any more.</summary>
    sealed class AccountsMovedException() : Exception("The database has other account ids than before: was a backup restored?");
}
