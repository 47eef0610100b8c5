using System.Data.Common;
using Billing.Contracts;
using Billing.Demo.Summary;
using Billing.Service.Charging;
using Billing.Service.Ledger;

namespace Billing.Demo.Replay;

/// <summary>What the database says of a recording, row by row: which of its lines are charged, what for, and what else takes from the same free quotas.</summary>
sealed class ReplayBooks
{
    readonly Dictionary<UserService, CallTotals> _totals = [];
    readonly Dictionary<(UserService, string Month), (long Units, long FreeUnits)> _others = [];

    /// <summary>Usages of the recording that are charged.</summary>
    public long Charged { get; private set; }

    /// <summary>One of them, with its time.</summary>
    public (long Line, DateTimeOffset OccurredAt)? Any { get; private set; }

    /// <summary>The recording's own usages.</summary>
    public IReadOnlyDictionary<UserService, CallTotals> Totals => _totals;

    public required TimeZoneInfo Zone { get; init; }

    public required IReadOnlyDictionary<string, ServiceTerms> Services { get; init; }

    /// <summary>Everybody else's of the same user, service and month.</summary>
    public (long Units, long FreeUnits) OthersIn(UserService key, string month) => _others.GetValueOrDefault((key, month));

    public static async Task<ReplayBooks> Of(IDatabase database, ReplayPlan plan, CancellationToken cancellationToken)
    {
        var zone = (await database.Read("select time_zone from deployment", reader => reader.GetString(0), cancellationToken))[0];
        var books = new ReplayBooks { Zone = TimeZoneInfo.FindSystemTimeZoneById(zone), Services = await ServiceTerms.Of(database, cancellationToken) };
        await database.Read(
            """
            select r.usage_id, a.user_id, s.name, r.quota_month, r.quantity, r.free_units, r.cost_nanos, r.amount_nanos, r.occurred_at
            from usage_record r join account a on a.account_id = r.account_id join service s on s.service_id = r.service_id
            """, reader => books.Add(plan.File.Id, database, reader), cancellationToken);
        return books;
    }

    int Add(TraceId id, IDatabase database, DbDataReader reader)
    {
        var key = new UserService(reader.GetString(1), reader.GetString(2));
        var row = new CallTotals(1, reader.GetInt64(4), reader.GetInt64(5), reader.GetInt64(6), reader.GetInt64(7));
        if (id.LineOf(reader.GetGuid(0)) is { } line)
        {
            Charged++;
            Any ??= (line, database.ReadInstant(reader, 8));
            _totals[key] = _totals.GetValueOrDefault(key) + row;
        }
        else
        {
            var month = (key, Month(database.ReadDay(reader, 3)));
            var (units, free) = _others.GetValueOrDefault(month);
            _others[month] = (units + row.Quantity, free + row.FreeUnits);
        }
        return 0;
    }

    public static string Month(DateOnly day) => $"{day:yyyy-MM}";
}

/// <summary>On which terms the database's catalogue sells a service.</summary>
/// <param name="Prices">One, unless it was changed; none when the gateway prices.</param>
sealed record ServiceTerms(PricedBy PricedBy, IReadOnlyList<(Money Amount, long PerUnits)> Prices, IReadOnlyList<(string FromMonth, long Units)> FreeUnits)
{
    public long FreeIn(string month) => FreeUnits.LastOrDefault(free => string.CompareOrdinal(free.FromMonth, month) <= 0).Units;

    public static async Task<IReadOnlyDictionary<string, ServiceTerms>> Of(IDatabase database, CancellationToken cancellationToken)
    {
        var services = await database.Read("select service_id, name, priced_by from service", reader => (Id: reader.GetInt32(0), Name: reader.GetString(1), PricedBy: (PricedBy)reader.GetInt16(2)), cancellationToken);
        var prices = (await database.Read("select service_id, amount_nanos, per_units from price order by service_id, effective_from",
            reader => (Id: reader.GetInt32(0), Price: (new Money(reader.GetInt64(1)), reader.GetInt64(2))), cancellationToken)).ToLookup(price => price.Id, price => price.Price);
        var free = (await database.Read("select service_id, from_month, units from free_quota_version order by service_id, from_month",
            reader => (Id: reader.GetInt32(0), Free: (ReplayBooks.Month(database.ReadDay(reader, 1)), reader.GetInt64(2))), cancellationToken)).ToLookup(version => version.Id, version => version.Free);
        return services.ToDictionary(service => service.Name, service => new ServiceTerms(service.PricedBy, [.. prices[service.Id]], [.. free[service.Id]]), StringComparer.Ordinal);
    }
}
