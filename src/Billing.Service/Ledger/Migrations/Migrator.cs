namespace Billing.Service.Ledger.Migrations;

/// <summary>
/// Brings the database to this version's schema: the numbered files of the engine, each once, all in one transaction.
/// Applied again it does nothing; several instances may start at once.
/// </summary>
public sealed class Migrator(IDatabase database, IReadOnlyList<MigrationFiles> sources, TimeProvider time, ILogger<Migrator> logger)
{
    public async Task Migrate(CancellationToken cancellationToken)
    {
        await using (var connection = await database.Open(cancellationToken))
        {
            await database.Execute(connection, database.BeginAlone, cancellationToken);
            await database.Execute(connection, "create table if not exists schema_migration (version integer primary key, name text not null)", cancellationToken);
            var applied = await database.Query(connection, "select version from schema_migration", reader => reader.GetInt32(0), cancellationToken);
            var files = sources.SelectMany(source => source.Of(database.Engine)).OrderBy(file => file.Version).ToList();
            if (applied.Count > 0 && applied.Max() > files[^1].Version)
                throw new InvalidOperationException($"The database is at schema version {applied.Max()}, this program at {files[^1].Version}: start a newer program.");

            foreach (var (version, name, sql) in files.Where(file => !applied.Contains(file.Version)))
            {
                await database.Execute(connection, sql, cancellationToken);
                await database.Execute(connection, "insert into schema_migration (version, name) values ($1, $2)", cancellationToken, version, name);
                logger.LogInformation("Applied migration {Migration}", name);
            }
            await database.Execute(connection, "commit", cancellationToken);
        }
        await database.Prepare(time.GetUtcNow(), cancellationToken);
    }
}
