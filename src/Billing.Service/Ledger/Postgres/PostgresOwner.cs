using Npgsql;

namespace Billing.Service.Ledger.Postgres;

/// <summary>The user who owns the schema, beside the one that the service works as.</summary>
public static class PostgresOwner
{
    /// <summary>The role that a connection string logs in as.</summary>
    public static string RoleOf(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString).Username ?? Environment.UserName;

    /// <summary>Refuses an owner's address that leads elsewhere: it would migrate another database than the one in use.</summary>
    public static string Checked(string owner, string service)
    {
        var (there, here) = (new NpgsqlConnectionStringBuilder(owner).Database, new NpgsqlConnectionStringBuilder(service).Database);
        return there == here ? owner : throw new InvalidOperationException($"BILLING_POSTGRES_OWNER names the database {there}, and BILLING_POSTGRES {here}: they have to be one.");
    }

    /// <summary>The command that brings the schema up to date, for an operator to complete with the password.</summary>
    public static string MigrateCommand(string service)
    {
        var address = new NpgsqlConnectionStringBuilder(service);
        var place = $"Host={address.Host};Port={address.Port}";
        return $"BILLING_POSTGRES_OWNER='{place};Username=billing_owner;Password=...;Database={address.Database}' BILLING_POSTGRES='{place};Username={address.Username};Database={address.Database}' ./run.sh migrate";
    }
}
