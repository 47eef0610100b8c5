using System.Collections.Concurrent;
using Billing.Contracts;
using Billing.Service.Charging;

namespace Billing.Benchmarks;

/// <summary>The yardstick's load: users by Zipf 1.0, five services, each usage a distinct id.</summary>
sealed class Workload
{
    static readonly ConcurrentDictionary<int, double[]> Zipf = new();

    readonly double[] _cumulative;
    readonly Random _random;
    readonly bool _timeOrderedIds;

    public Workload(int users, int seed, bool timeOrderedIds = true)
    {
        _random = new Random(seed);
        _timeOrderedIds = timeOrderedIds;
        _cumulative = Zipf.GetOrAdd(users, Cumulative);
    }

    public static IReadOnlyList<ServiceOffer> Services { get; } =
    [
        .. Enumerable.Range(1, 5).Select(id => new ServiceOffer(id, $"service-{id}", PricedBy.Catalogue,
            [new PriceVersion(1, new UnitPrice(Money.Parse("0.15"), 1000), DateTimeOffset.UnixEpoch)], [new FreeQuotaVersion(1, 20, new DateOnly(2000, 1, 1))])),
    ];

    public string NextUser()
    {
        var index = Array.BinarySearch(_cumulative, _random.NextDouble() * _cumulative[^1]);
        return $"user-{(index < 0 ? ~index : index):D7}";
    }

    public string NextService() => Services[_random.Next(Services.Count)].Name;

    public Guid NextId(DateTimeOffset now) => _timeOrderedIds ? Guid.CreateVersion7(now) : RandomId();

    public double NextShare() => _random.NextDouble();

    public Usage Next(DateTimeOffset now)
    {
        var userId = NextUser();
        var service = NextService();
        var occurredAt = new DateTimeOffset(now.UtcTicks - now.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
        return new Usage
        {
            UsageId = NextId(now),
            UserId = userId,
            Service = service,
            Quantity = 1,
            OccurredAt = occurredAt,
            ContentHash = ContentHash.Of(userId, service, 1, null, occurredAt),
        };
    }

    public Operation[] Take(int count, DateTimeOffset now)
    {
        var operations = new Operation[count];
        for (var i = 0; i < count; i++) operations[i] = new ChargeUsage(Next(now));
        return operations;
    }

    static double[] Cumulative(int users)
    {
        var cumulative = new double[users];
        var sum = 0.0;
        for (var i = 0; i < users; i++) cumulative[i] = sum += 1.0 / (i + 1);
        return cumulative;
    }

    // Version 4 by RFC 9562, from the seeded generator.
    Guid RandomId()
    {
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
