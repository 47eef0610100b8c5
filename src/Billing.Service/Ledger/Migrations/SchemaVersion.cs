namespace Billing.Service.Ledger.Migrations;

/// <summary>What a database still lacks of this program's schema. Only reads: the service's own user may not do more.</summary>
public sealed class SchemaVersion(IDatabase database, IReadOnlyList<MigrationFiles> sources)
{
    /// <summary>The files that were not applied, in their order.</summary>
    public async Task<IReadOnlyList<(int Version, string Name, string Sql)>> Pending(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var hasAny = (await database.Query(connection, database.FindMigrations, reader => reader.GetInt32(0), cancellationToken)).Count > 0;
        List<int> applied = hasAny ? await database.Query(connection, "select version from schema_migration", reader => reader.GetInt32(0), cancellationToken) : [];
        return Pending(database, sources, applied);
    }

    internal static IReadOnlyList<(int Version, string Name, string Sql)> Pending(IDatabase database, IReadOnlyList<MigrationFiles> sources, IReadOnlyCollection<int> applied)
    {
        var files = sources.SelectMany(source => source.Of(database.Engine)).OrderBy(file => file.Version).ToList();
        if (applied.Count > 0 && applied.Max() > files[^1].Version)
            throw new InvalidOperationException($"The database is at schema version {applied.Max()}, this program at {files[^1].Version}: start a newer program.");
        return [.. files.Where(file => !applied.Contains(file.Version))];
    }
}
