namespace Billing.Service.Ledger.Migrations;

/// <summary>
/// Brings the database to this version's schema: the numbered files of the engine, each once, all in one transaction.
/// Applied again it does nothing; several instances may start at once.
/// </summary>
/// <param name="database">As the schema's owner sees it.</param>
/// <param name="rights">What the service's own user may do, where that is not the owner: given at the end, each time.</param>
public sealed class Migrator(IDatabase database, IReadOnlyList<MigrationFiles> sources, TimeProvider time, ILogger<Migrator> logger, string? rights = null)
{
    const string MakeTable = "create table if not exists schema_migration (version integer primary key, name text not null)";
    const string NoteFile = "insert into schema_migration (version, name) values ($1, $2)";

    public async Task Migrate(CancellationToken cancellationToken)
    {
        await using (var connection = await database.Open(cancellationToken))
        {
            await database.Execute(connection, database.BeginAlone, cancellationToken);
            await database.Execute(connection, MakeTable, cancellationToken);
            var applied = await database.Query(connection, "select version from schema_migration", reader => reader.GetInt32(0), cancellationToken);
            foreach (var (version, name, sql) in SchemaVersion.Pending(database, sources, applied))
            {
                await database.Execute(connection, sql, cancellationToken);
                await database.Execute(connection, NoteFile, cancellationToken, version, name);
                logger.LogInformation("Applied migration {Migration}", name);
            }
            if (rights is not null) await database.Execute(connection, rights, cancellationToken);
            await database.Execute(connection, "commit", cancellationToken);
        }
        await database.Prepare(time.GetUtcNow(), cancellationToken);
    }

    /// <summary>What <see cref="Migrate"/> would do now, as a script to read or to run.</summary>
    public async Task<string> Script(CancellationToken cancellationToken)
    {
        var pending = await new SchemaVersion(database, sources).Pending(cancellationToken);
        var steps = pending.Select(file => $"-- {file.Name}\n{file.Sql.Trim()}\n{NoteFile.Replace("$1", $"{file.Version}", StringComparison.Ordinal).Replace("$2", $"'{file.Name}'", StringComparison.Ordinal)};");
        return string.Join("\n\n", [$"{database.BeginAlone};\n{MakeTable};", .. steps, .. rights is null ? Array.Empty<string>() : [$"-- What the service's own user may do\n{rights}"], "commit;"]);
    }
}
