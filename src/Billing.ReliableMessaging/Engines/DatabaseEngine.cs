using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Billing.ReliableMessaging.Engines;

/// <summary>The engine that the configuration names, and whether a context agrees with it.</summary>
abstract class DatabaseEngine
{
    public static readonly DatabaseEngine Postgres = new PostgresEngine();
    public static readonly DatabaseEngine Sqlite = new SqliteEngine();

    protected abstract string Option { get; }

    protected abstract string Provider { get; }

    public abstract OutboxSql Sql(DbContext db);

    /// <summary>The instance, kept from others until the end of the transaction.</summary>
    public abstract IQueryable<TEntity> Locked<TEntity>(DbContext db, string key, Guid value) where TEntity : class;

    public virtual void Check(DbContext db)
    {
        var context = db.GetType().Name;
        if (db.Database.ProviderName != Provider) throw new ConfigurationException($"{Option} was chosen for {context}, which uses {db.Database.ProviderName}.");
        // A strategy that runs the consumer again would do so with what the first try has tracked; UseMessageRetry gives a fresh context.
        if (db.Database.CreateExecutionStrategy().RetriesOnFailure)
            throw new ConfigurationException($"{context} takes part in the outbox: remove EnableRetryOnFailure, and retry with UseMessageRetry outside of UseEntityFrameworkOutbox.");
    }

    sealed class PostgresEngine : DatabaseEngine
    {
        protected override string Option => "UsePostgres";

        protected override string Provider => "Npgsql.EntityFrameworkCore.PostgreSQL";

        public override OutboxSql Sql(DbContext db) => new PostgresSql(TableNames.Of<InboxState>(db), TableNames.Of<OutboxMessage>(db));

        public override IQueryable<TEntity> Locked<TEntity>(DbContext db, string key, Guid value)
        {
            var statement = PostgresSql.LockRow(TableNames.Of<TEntity>(db), key);
            return db.Set<TEntity>().FromSqlRaw(statement, value);
        }
    }

    sealed class SqliteEngine : DatabaseEngine
    {
        protected override string Option => "UseSqlite";

        protected override string Provider => "Microsoft.EntityFrameworkCore.Sqlite";

        public override OutboxSql Sql(DbContext db) => new SqliteSql(TableNames.Of<InboxState>(db), TableNames.Of<OutboxMessage>(db));

        // The transaction began with the file's only write lock.
        public override IQueryable<TEntity> Locked<TEntity>(DbContext db, string key, Guid value) => db.Set<TEntity>().Where(entity => EF.Property<Guid>(entity, key) == value);

        public override void Check(DbContext db)
        {
            base.Check(db);
            var options = db.GetService<IDbContextOptions>().FindExtension<CoreOptionsExtension>();
            if (options?.Interceptors?.OfType<SqliteWriteGateInterceptor>().Any() != true)
                throw new ConfigurationException($"{db.GetType().Name} does not pass the write gate of its file: register it with AddDbContext, AddDbContextPool or AddDbContextFactory.");
        }
    }
}
