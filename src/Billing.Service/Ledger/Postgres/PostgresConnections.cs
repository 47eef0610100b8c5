using Npgsql;

namespace Billing.Service.Ledger.Postgres;

/// <summary>Fills in what the operator's connection string does not say. A server that vanished is noticed within ten seconds.</summary>
public static class PostgresConnections
{
    const int MigrationSecondsMax = 3_600;

    /// <summary>
    /// Each statement of the charging transaction finds its rows by a key. Left to itself the planner reads whole tables as soon as a
    /// batch looks large to it, or a day's partition has no statistics yet: measured, a fifth of the speed. Nor is there anything in
    /// the values that would change a plan, and to plan over a partition for each day takes 2 ms: it is done once for each connection.
    /// </summary>
    const string AlwaysByIndex =
        "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c max_parallel_workers_per_gather=0 -c jit=off -c plan_cache_mode=force_generic_plan";

    /// <summary>For the charging transaction and the look-up of one account.</summary>
    public static NpgsqlDataSource ForCharging(string connectionString)
    {
        var settings = Settings(connectionString);
        settings.Options = $"{settings.Options} {AlwaysByIndex}".Trim();
        return NpgsqlDataSource.Create(settings);
    }

    /// <summary>
    /// Reads are ordered by an index of each partition, and sorting is forbidden, so that this index is taken whatever the planner
    /// believes of a partition that it has seen empty: left to itself it reads one by its primary key. A plan over a partition for
    /// each day costs ten times what a page does, and is the same for every user: it is made once for each connection.
    /// </summary>
    const string ReadInOrderOfIndex =
        "-c enable_seqscan=off -c enable_bitmapscan=off -c enable_sort=off -c enable_hashjoin=off -c enable_mergejoin=off "
        + "-c max_parallel_workers_per_gather=0 -c jit=off -c plan_cache_mode=force_generic_plan";

    /// <summary>For what users and operators read: connections of their own, so that charging never waits for one.</summary>
    public static NpgsqlDataSource ForReading(string connectionString, int connectionsMax, int commandTimeoutSeconds)
    {
        var settings = Settings(connectionString);
        settings.Options = $"{settings.Options} {ReadInOrderOfIndex}".Trim();
        settings.MaxPoolSize = connectionsMax;
        settings.CommandTimeout = commandTimeoutSeconds;
        return NpgsqlDataSource.Create(settings);
    }

    /// <summary>For migrations, which may have a large table to read: nobody waits for them but the service's start.</summary>
    public static NpgsqlDataSource ForMigrations(string connectionString)
    {
        var settings = Settings(connectionString);
        settings.CommandTimeout = MigrationSecondsMax;
        return NpgsqlDataSource.Create(settings);
    }

    /// <summary>For the catalogue and the audit.</summary>
    public static NpgsqlDataSource ForTheRest(string connectionString) => NpgsqlDataSource.Create(Settings(connectionString));

    /// <summary>For the recharges, which live in a schema of their own.</summary>
    public static NpgsqlDataSource ForRecharges(string connectionString)
    {
        var settings = Settings(connectionString);
        settings.SearchPath = "recharges";
        return NpgsqlDataSource.Create(settings);
    }

    static NpgsqlConnectionStringBuilder Settings(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        // Not ContainsKey: that knows every keyword there is, given or not.
        var given = settings.Keys.Cast<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        bool Absent(string keyword) => !given.Contains(keyword);

        if (Absent("Search Path")) settings.SearchPath = PostgresDatabase.Schema;
        if (Absent("Application Name")) settings.ApplicationName = "billing-service";
        if (Absent("Timeout")) settings.Timeout = 3;
        if (Absent("Command Timeout")) settings.CommandTimeout = 4;
        if (Absent("Keepalive")) settings.KeepAlive = 30;
        if (Absent("Max Auto Prepare")) settings.MaxAutoPrepare = 100;
        if (Absent("Auto Prepare Min Usages")) settings.AutoPrepareMinUsages = 2;
        // Each transaction here ends by commit or rollback before its connection goes back: there is nothing to reset.
        if (Absent("No Reset On Close")) settings.NoResetOnClose = true;
        return settings;
    }
}
