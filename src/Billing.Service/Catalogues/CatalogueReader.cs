using System.Data.Common;
using Billing.Service.Charging;
using Billing.Service.Ledger;

namespace Billing.Service.Catalogues;

/// <summary>Reads the whole catalogue in a transaction that lets it be read as of one moment.</summary>
static class CatalogueReader
{
    public static async Task<Catalogue> Read(IDatabase database, DbConnection connection, long version, CancellationToken cancellationToken)
    {
        var prices = await database.Query(connection, "select service_id, version, amount_nanos, per_units, effective_from from price order by service_id, effective_from",
            reader => (ServiceId: reader.GetInt32(0),
                Version: new PriceVersion(reader.GetInt32(1), new UnitPrice(new Money(reader.GetInt64(2)), reader.GetInt64(3)), database.ReadInstant(reader, 4))), cancellationToken);
        // A month that was planned twice has its later version last, which is the one that counts.
        var freeQuotas = await database.Query(connection, "select service_id, version, units, from_month from free_quota_version order by service_id, from_month, version",
            reader => (ServiceId: reader.GetInt32(0), Version: new FreeQuotaVersion(reader.GetInt32(1), reader.GetInt64(2), database.ReadDay(reader, 3))), cancellationToken);
        var (pricesOf, freeQuotasOf) = (prices.ToLookup(price => price.ServiceId, price => price.Version), freeQuotas.ToLookup(quota => quota.ServiceId, quota => quota.Version));
        var services = await database.Query(connection, "select service_id, name, priced_by from service",
            reader => new ServiceOffer(reader.GetInt32(0), reader.GetString(1), (PricedBy)reader.GetInt16(2), [.. pricesOf[reader.GetInt32(0)]], [.. freeQuotasOf[reader.GetInt32(0)]]), cancellationToken);
        return new Catalogue(version, services);
    }
}
