using System.Runtime.CompilerServices;
using Billing.ReliableMessaging.Configuration;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Billing.ReliableMessaging.Engines;

/// <summary>The statements for a context, made once for its model, after the context was found to agree with the configuration.</summary>
sealed class OutboxStore<TDbContext>(OutboxOptions<TDbContext> options) where TDbContext : DbContext
{
    readonly ConditionalWeakTable<IModel, OutboxSql> _statements = [];

    public OutboxSql For(TDbContext db) => _statements.TryGetValue(db.Model, out var sql) ? sql : Make(db);

    OutboxSql Make(TDbContext db)
    {
        options.Engine!.Check(db);
        return _statements.GetValue(db.Model, _ => options.Engine.Sql(db));
    }
}
