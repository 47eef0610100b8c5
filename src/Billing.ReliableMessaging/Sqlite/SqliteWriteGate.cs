using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Billing.ReliableMessaging;

/// <summary>
/// The one writer that an SQLite file can have, in this process. Whoever waits here is let in in the order of arrival; SQLite itself
/// would poll for its lock with pauses of 150 ms, and whoever asks last may win.
/// </summary>
public sealed class SqliteWriteGate
{
    static readonly ConcurrentDictionary<string, SqliteWriteGate> Files = new(StringComparer.Ordinal);
    static readonly ConcurrentDictionary<string, SqliteWriteGate> Known = new(StringComparer.Ordinal);

    readonly SemaphoreSlim _writer = new(1);

    SqliteWriteGate()
    {
    }

    /// <summary>The gate of a file; the same for every connection string that names it by the same full path.</summary>
    /// <exception cref="ArgumentException">It names a database in memory.</exception>
    public static SqliteWriteGate For(string connectionStringOrPath) => Known.GetOrAdd(connectionStringOrPath, static text => Files.GetOrAdd(FullPath(text), static _ => new SqliteWriteGate()));

    /// <summary>Waits for the turn; disposing of the result ends it. Not reentrant.</summary>
    public async ValueTask<SqliteWriteTurn> WaitAsync(CancellationToken cancellationToken = default)
    {
        await _writer.WaitAsync(cancellationToken);
        return new SqliteWriteTurn(_writer);
    }

    /// <summary>Waits for the turn no longer than this; null when it did not come.</summary>
    internal async ValueTask<SqliteWriteTurn?> WaitAsync(TimeSpan within, CancellationToken cancellationToken) =>
        await _writer.WaitAsync(within, cancellationToken) ? new SqliteWriteTurn(_writer) : null;

    /// <summary>As above, for the synchronous half of EF Core.</summary>
    internal SqliteWriteTurn? Wait(TimeSpan within) => _writer.Wait(within) ? new SqliteWriteTurn(_writer) : null;

    static string FullPath(string connectionStringOrPath)
    {
        var parts = connectionStringOrPath.Contains('=') ? new SqliteConnectionStringBuilder(connectionStringOrPath) : new SqliteConnectionStringBuilder { DataSource = connectionStringOrPath };
        if (parts.Mode == SqliteOpenMode.Memory || parts.DataSource is "" or ":memory:") throw new ArgumentException("A database in memory has no write gate: use a file.", nameof(connectionStringOrPath));
        return Path.GetFullPath(parts.DataSource);
    }
}
