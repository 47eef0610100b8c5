using Billing.Service.Charging;
using Billing.Service.Ledger;

namespace Billing.Service.Catalogues;

/// <summary>The catalogue in the database.</summary>
public sealed class CatalogueStore(IDatabase database)
{
    static readonly DateOnly Always = new(2000, 1, 1);

    /// <summary>Writes the file's catalogue if the database has none yet; of several instances that start at once, one does.</summary>
    public async Task SeedOnce(CatalogueFile file, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        await database.Execute(connection, database.BeginAlone, cancellationToken);
        var present = await database.Query(connection, "select count(*) from service", reader => reader.GetInt64(0), cancellationToken);
        if (present[0] == 0)
        {
            var serviceId = 0;
            foreach (var entry in file.Services)
            {
                await database.Execute(connection, "insert into service (service_id, name, priced_by) values ($1, $2, $3)",
                    cancellationToken, ++serviceId, entry.Service, (short)entry.PricedBy);
                if (entry.Price is { } price)
                    await database.Execute(connection, "insert into price (service_id, version, amount_nanos, per_units, effective_from) values ($1, 1, $2, $3, $4)",
                        cancellationToken, serviceId, price.Amount.Nanos, price.PerUnits, new DateTimeOffset(Always, TimeOnly.MinValue, TimeSpan.Zero));
                if (entry.FreeUnits > 0)
                    await database.Execute(connection, "insert into free_quota_version (service_id, version, units, from_month) values ($1, 1, $2, $3)",
                        cancellationToken, serviceId, entry.FreeUnits, Always);
            }
        }
        await database.Execute(connection, "commit", cancellationToken);
    }

    public async Task<Catalogue> Load(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        await database.Execute(connection, database.BeginSnapshot, cancellationToken);
        var prices = await database.Query(connection, "select service_id, version, amount_nanos, per_units, effective_from from price order by service_id, effective_from",
            reader => (ServiceId: reader.GetInt32(0),
                Version: new PriceVersion(reader.GetInt32(1), new UnitPrice(new Money(reader.GetInt64(2)), reader.GetInt64(3)), database.ReadInstant(reader, 4))), cancellationToken);
        var freeQuotas = await database.Query(connection, "select service_id, version, units, from_month from free_quota_version order by service_id, from_month",
            reader => (ServiceId: reader.GetInt32(0), Version: new FreeQuotaVersion(reader.GetInt32(1), reader.GetInt64(2), database.ReadDay(reader, 3))), cancellationToken);
        var services = await database.Query(connection, "select service_id, name, priced_by from service",
            reader => new ServiceOffer(reader.GetInt32(0), reader.GetString(1), (PricedBy)reader.GetInt16(2),
                [.. prices.Where(price => price.ServiceId == reader.GetInt32(0)).Select(price => price.Version)],
                [.. freeQuotas.Where(quota => quota.ServiceId == reader.GetInt32(0)).Select(quota => quota.Version)]), cancellationToken);
        await database.Execute(connection, "commit", cancellationToken);
        return new Catalogue(services);
    }
}
