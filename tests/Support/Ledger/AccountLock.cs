using Npgsql;

namespace Billing.TestSupport.Ledger;

/// <summary>Holds the row lock of an account, as a batch of another instance would, until it is released.</summary>
public sealed class AccountLock : IAsyncDisposable
{
    readonly NpgsqlConnection _connection;
    readonly NpgsqlTransaction _transaction;

    AccountLock(NpgsqlConnection connection, NpgsqlTransaction transaction) => (_connection, _transaction) = (connection, transaction);

    public static async Task<AccountLock> Take(NpgsqlDataSource source, string userId)
    {
        var connection = await source.OpenConnectionAsync();
        var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand("select account_id from account where user_id = $1 for update", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = userId });
        Assert.NotNull(await command.ExecuteScalarAsync());
        return new AccountLock(connection, transaction);
    }

    /// <summary>Until this many other connections to the database wait for a lock.</summary>
    public static Task WaitUntilWaiting(NpgsqlDataSource source, long waiters) => Eventually.That(
        () => Waiting(source), waiting => waiting >= waiters, $"{waiters} transactions wait for a lock");

    public static async Task<long> Waiting(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
