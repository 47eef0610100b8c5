using Billing.Service.Ledger.Sqlite;
using Microsoft.Data.Sqlite;

namespace Billing.Service.Queries.Sqlite;

static class SqliteReads
{
    public static long? FindAccount(SqliteConnection connection, string userId)
    {
        using var command = connection.Statement("select account_id from account where user_id = $1", userId);
        return (long?)command.ExecuteScalar();
    }
}
