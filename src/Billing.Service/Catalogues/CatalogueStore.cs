using Billing.Service.Charging;
using Billing.Service.Ledger;

namespace Billing.Service.Catalogues;

/// <summary>The catalogue in the database.</summary>
public sealed class CatalogueStore(IDatabase database, TimeProvider time)
{
    /// <summary>Writes the file's catalogue if the database has none yet; of several instances that start at once, one does.</summary>
    public async Task SeedOnce(CatalogueFile file, CancellationToken cancellationToken)
    {
        await using var transaction = await Begin(cancellationToken);
        if (transaction.Catalogue.Services.Count > 0) return;

        var serviceId = 0;
        foreach (var entry in file.Services)
        {
            UnitPrice? price = entry.Price is { } given ? new UnitPrice(given.Amount, given.PerUnits) : null;
            await transaction.AddService(ServiceOffer.New(++serviceId, entry.Service, entry.PricedBy, price, entry.FreeUnits), cancellationToken);
        }
        await transaction.Commit(cancellationToken);
    }

    /// <summary>Begins a change, alone with the catalogue.</summary>
    public Task<CatalogueTransaction> Begin(CancellationToken cancellationToken) => CatalogueTransaction.Begin(database, time, cancellationToken);

    public async Task<Catalogue> Load(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        await database.Execute(connection, database.BeginSnapshot, cancellationToken);
        var version = await database.Query(connection, "select version from catalogue_version", reader => reader.GetInt64(0), cancellationToken);
        var catalogue = await CatalogueReader.Read(database, connection, version[0], cancellationToken);
        await database.Execute(connection, "commit", cancellationToken);
        return catalogue;
    }

    public async Task<long> Version(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return (await database.Query(connection, "select version from catalogue_version", reader => reader.GetInt64(0), cancellationToken))[0];
    }
}
