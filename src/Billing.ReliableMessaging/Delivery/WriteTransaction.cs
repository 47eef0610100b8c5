using System.Data;
using Microsoft.EntityFrameworkCore;

namespace Billing.ReliableMessaging.Delivery;

/// <summary>A write of its own, in a transaction: on SQLite that is what passes the file's write gate.</summary>
static class WriteTransaction
{
    public static async Task<T> Run<T>(DbContext db, Func<Task<T>> write, CancellationToken cancellationToken)
    {
        if (db.Database.CurrentTransaction is not null) return await write();
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        var result = await write();
        await transaction.CommitAsync(cancellationToken);
        return result;
    }

    public static Task Run(DbContext db, Func<Task> write, CancellationToken cancellationToken) => Run(db, async () =>
    {
        await write();
        return true;
    }, cancellationToken);
}
