using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace Billing.Service.Ledger;

/// <summary>What migrations, catalogue, audit and the outbox's delivery need of either engine. Charging has its own statements for each: see <see cref="ILedgerStore"/>.</summary>
public interface IDatabase
{
    /// <summary>The folder of this engine's migrations.</summary>
    string Engine { get; }

    /// <summary>Begins a transaction that no other migration, of any instance, runs beside.</summary>
    string BeginAlone { get; }

    /// <summary>A statement with a row where migrations have been applied, that needs no right but to look.</summary>
    string FindMigrations { get; }

    /// <summary>Whether the database says that this user may not do what was asked, such as make a table.</summary>
    bool IsDenied(Exception exception);

    /// <summary>Begins a transaction that reads the whole database as of one moment.</summary>
    string BeginSnapshot { get; }

    /// <summary>A statement that reads the database's clock; null where the database is a file, and this machine's clock is the only one.</summary>
    string? Clock { get; }

    /// <summary>The end of a select whose rows are locked, those that others have locked left out; empty where there is one writer at a time.</summary>
    string SkipLocked { get; }

    /// <summary>Waits for the turn to write, where there is one writer at a time; null where rows are locked. Not for migrations, which come before all others.</summary>
    ValueTask<IDisposable?> WaitToWrite(CancellationToken cancellationToken);

    Task<DbConnection> Open(CancellationToken cancellationToken);

    /// <summary>A statement with parameters $1, $2, ...; times, days and ids in the engine's own form.</summary>
    DbCommand Statement(DbConnection connection, string sql, params ReadOnlySpan<object?> parameters);

    DateTimeOffset ReadInstant(DbDataReader reader, int column);

    DateOnly ReadDay(DbDataReader reader, int column);

    /// <summary>Lets a context of EF Core work on this database.</summary>
    void Connect(DbContextOptionsBuilder options);

    /// <summary>What must exist before and be kept up beside the migrations: on PostgreSQL the days' partitions.</summary>
    Task Prepare(DateTimeOffset now, CancellationToken cancellationToken);
}
