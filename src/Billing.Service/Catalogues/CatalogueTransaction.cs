using System.Data.Common;
using Billing.Service.Charging;
using Billing.Service.Ledger;

namespace Billing.Service.Catalogues;

/// <summary>
/// One change of the catalogue, alone with it: begun, it holds the lock of the catalogue's version, which every other change waits for,
/// whatever instance makes it. Disposing without a commit leaves nothing behind.
/// </summary>
public sealed class CatalogueTransaction : IAsyncDisposable
{
    readonly IDatabase _database;
    readonly DbConnection _connection;
    readonly DbTransaction _transaction;
    readonly IDisposable? _turn;

    CatalogueTransaction(IDatabase database, DbConnection connection, DbTransaction transaction, IDisposable? turn) =>
        (_database, _connection, _transaction, _turn) = (database, connection, transaction, turn);

    /// <summary>The catalogue as it stands, under the version that this change gives it.</summary>
    public Catalogue Catalogue { get; private set; } = Catalogue.Empty;

    /// <summary>The database's clock, read under the lock.</summary>
    public DateTimeOffset Now { get; private set; }

    public static async Task<CatalogueTransaction> Begin(IDatabase database, TimeProvider time, CancellationToken cancellationToken)
    {
        var turn = await database.WaitToWrite(cancellationToken);
        DbConnection? connection = null;
        try
        {
            connection = await database.Open(cancellationToken);
            var transaction = new CatalogueTransaction(database, connection, await connection.BeginTransactionAsync(cancellationToken), turn);
            await transaction.LockAndRead(time, cancellationToken);
            return transaction;
        }
        catch
        {
            // A transaction goes with its connection.
            if (connection is not null) await connection.DisposeAsync();
            turn?.Dispose();
            throw;
        }
    }

    public async Task<CatalogueChange?> Find(Guid operationId, CancellationToken cancellationToken) =>
        (await _database.Query(_connection, "select kind, service_id, version from catalogue_change where operation_id = $1",
            reader => new CatalogueChange(operationId, (ChangeKind)reader.GetInt16(0), reader.GetInt32(1), reader.GetInt32(2)), cancellationToken, operationId)).SingleOrDefault();

    public async Task AddService(ServiceOffer offer, CancellationToken cancellationToken)
    {
        await _database.Execute(_connection, "insert into service (service_id, name, priced_by) values ($1, $2, $3)",
            cancellationToken, offer.ServiceId, offer.Name, (short)offer.PricedBy);
        foreach (var price in offer.Prices) await AddPrice(offer, price, cancellationToken);
        foreach (var quota in offer.FreeQuotas) await AddFreeQuota(offer, quota, cancellationToken);
    }

    public Task AddPrice(ServiceOffer offer, PriceVersion price, CancellationToken cancellationToken) =>
        _database.Execute(_connection, "insert into price (service_id, version, amount_nanos, per_units, effective_from) values ($1, $2, $3, $4, $5)",
            cancellationToken, offer.ServiceId, price.Version, price.Price.Amount.Nanos, price.Price.PerUnits, price.From);

    public Task AddFreeQuota(ServiceOffer offer, FreeQuotaVersion quota, CancellationToken cancellationToken) =>
        _database.Execute(_connection, "insert into free_quota_version (service_id, version, units, from_month) values ($1, $2, $3, $4)",
            cancellationToken, offer.ServiceId, quota.Version, quota.Units, quota.FromMonth);

    /// <summary>Writes down what was changed, by whom and why.</summary>
    public async Task Sign(ChangeKind kind, int version, OperatorAct act, int serviceId, CancellationToken cancellationToken)
    {
        await _database.Execute(_connection, "insert into catalogue_change (operation_id, catalogue_version, kind, service_id, version) values ($1, $2, $3, $4, $5)",
            cancellationToken, act.OperationId, Catalogue.Version, (short)kind, serviceId, version);
        await OperatorActs.Write(_database, _connection, act, cancellationToken);
    }

    public Task Commit(CancellationToken cancellationToken) => _transaction.CommitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _transaction.DisposeAsync();
            await _connection.DisposeAsync();
        }
        finally
        {
            _turn?.Dispose();
        }
    }

    async Task LockAndRead(TimeProvider time, CancellationToken cancellationToken)
    {
        var version = (await _database.Query(_connection, "update catalogue_version set version = version + 1 returning version", reader => reader.GetInt64(0), cancellationToken))[0];
        Catalogue = await CatalogueReader.Read(_database, _connection, version, cancellationToken);
        Now = _database.Clock is { } clock
            ? (await _database.Query(_connection, clock, reader => _database.ReadInstant(reader, 0), cancellationToken))[0]
            : EffectiveTimes.CutToMicroseconds(time.GetUtcNow());
    }
}
