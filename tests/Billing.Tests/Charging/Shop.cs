namespace Billing.Tests.Charging;

/// <summary>The services, the moment and the usages that the tests of the rules speak about.</summary>
static class Shop
{
    public const string Currency = "USD";

    /// <summary>A cent a call, ten calls a month are free.</summary>
    public const string Call = "call";

    /// <summary>A cent each, nothing free.</summary>
    public const string Ocr = "ocr";

    /// <summary>0.15 per 1,000 units, nothing free.</summary>
    public const string Token = "token";

    /// <summary>Priced by the gateway, nothing free.</summary>
    public const string Llm = "llm";

    /// <summary>Priced by the gateway, ten units a month are free.</summary>
    public const string Agent = "agent";

    /// <summary>A cent until <see cref="PriceRise"/>, two cents from then on; five free until June, twenty from July 2026 on.</summary>
    public const string Search = "search";

    /// <summary>Nine thousand million a unit: two units are more than money can count.</summary>
    public const string Dear = "dear";

    /// <summary>A nano for three units, so that each unit is rounded; nothing free.</summary>
    public const string Crumb = "crumb";

    public static readonly DateTimeOffset Now = new(2026, 6, 20, 12, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset PriceRise = new(2026, 6, 15, 0, 0, 0, TimeSpan.Zero);
    static readonly DateTimeOffset Always = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly DateOnly AlwaysMonth = new(2000, 1, 1);

    public static readonly Catalogue Catalogue = new(1,
    [
        Priced(1, Call, "0.01", freeUnits: 10),
        Priced(2, Ocr, "0.01"),
        Priced(3, Token, "0.15", perUnits: 1000),
        new ServiceOffer(4, Llm, PricedBy.Gateway, [], []),
        new ServiceOffer(5, Agent, PricedBy.Gateway, [], [new FreeQuotaVersion(1, 10, AlwaysMonth)]),
        new ServiceOffer(6, Search, PricedBy.Catalogue,
            [new PriceVersion(1, new UnitPrice(Money.Parse("0.01"), 1), Always), new PriceVersion(2, new UnitPrice(Money.Parse("0.02"), 1), PriceRise)],
            [new FreeQuotaVersion(1, 5, AlwaysMonth), new FreeQuotaVersion(2, 20, new DateOnly(2026, 7, 1))]),
        Priced(7, Dear, "9000000000"),
        Priced(8, Crumb, "0.000000001", perUnits: 3),
    ]);

    public static ServiceOffer Priced(int id, string name, string amount, long perUnits = 1, long freeUnits = 0) => new(
        id, name, PricedBy.Catalogue, [new PriceVersion(1, new UnitPrice(Money.Parse(amount), perUnits), Always)],
        freeUnits == 0 ? [] : [new FreeQuotaVersion(1, freeUnits, AlwaysMonth)]);

    public static ChargingRules Rules(string zone = "UTC") => new(Catalogue, new BillingCalendar(TimeZoneInfo.FindSystemTimeZoneById(zone)));

    public static Usage Usage(
        string service = Call, long quantity = 1, string? cost = null, DateTimeOffset? at = null, Guid? id = null, string user = "ann",
        Guid? reservation = null)
    {
        Money? named = cost is null ? null : Money.Parse(cost);
        var occurredAt = (at ?? Now).ToUniversalTime();
        return new Usage
        {
            UsageId = id ?? NewId(),
            UserId = user,
            Service = service,
            Quantity = quantity,
            Cost = named,
            OccurredAt = occurredAt,
            ContentHash = ContentHash.Of(user, service, quantity, named, occurredAt, reservation),
            ReservationId = reservation,
        };
    }

    /// <summary>An id that carries the time of <see cref="Now"/>.</summary>
    public static Guid NewId() => Guid.CreateVersion7(Now);

    /// <summary>An id that carries no time (version 4).</summary>
    public static Guid NewIdWithoutTime()
    {
        Span<byte> bytes = stackalloc byte[16];
        Random.Shared.NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
