namespace Billing.FaultTests.Harness;

/// <summary>Usages as a gateway has them: few users with many calls, several services, some calls sent again, a few that cannot be charged.</summary>
sealed class Traffic(int seed)
{
    public const int UserCount = 40;
    const int FundedUserCount = 8;
    const double DuplicateShare = 0.10;
    const double UnchargeableShare = 0.005;
    const double LastMonthShare = 0.05;
    const double WithoutTimeShare = 0.2;

    static readonly string[] Services = ["chat", "image", "ocr", "search", "llm"];
    static readonly double[] ZipfSums = [.. Enumerable.Range(1, UserCount).Select(rank => Enumerable.Range(1, rank).Sum(r => 1.0 / r))];

    readonly Lock _lock = new();
    readonly Random _random = new(seed);
    readonly List<SentUsage> _earlier = [];

    /// <summary>Users with money; the others go straight into debt.</summary>
    public static IEnumerable<string> FundedUsers => Enumerable.Range(0, FundedUserCount).Select(rank => User(rank * 3));

    /// <summary>Usage that has happened; now and then the same as one before.</summary>
    public SentUsage Next()
    {
        lock (_lock)
        {
            if (_earlier.Count > 0 && _random.NextDouble() < DuplicateShare) return _earlier[_random.Next(_earlier.Count)];
            var usage = New();
            _earlier.Add(usage);
            return usage;
        }
    }

    public List<SentUsage> Next(int count) => [.. Enumerable.Range(0, count).Select(_ => Next())];

    /// <summary>Usage that is about to happen: nothing else carries its id, since a refused one may still be charged by another door.</summary>
    public SentUsage NextDeduction()
    {
        lock (_lock) return New();
    }

    SentUsage New()
    {
        var now = TimeProvider.System.GetUtcNow();
        var service = Services[_random.Next(Services.Length)];
        var usage = new SentUsage(
            _random.NextDouble() < WithoutTimeShare ? IdWithoutTime() : Guid.CreateVersion7(now),
            User(Array.FindIndex(ZipfSums, sum => sum >= _random.NextDouble() * ZipfSums[^1]) is var rank and >= 0 ? rank : 0),
            service,
            service == "chat" ? _random.Next(1, 3_000) : _random.Next(1, 9),
            service == "llm" ? $"0.{_random.Next(1, 999_999_999):000000000}" : null,
            CutToMicroseconds(now - (_random.NextDouble() < LastMonthShare ? TimeSpan.FromDays(28) : TimeSpan.FromMinutes(_random.Next(60)))));
        if (_random.NextDouble() >= UnchargeableShare) return usage;
        return _random.Next(2) == 0 ? usage with { Service = "no-such-service" } : usage with { Quantity = 0 };
    }

    /// <summary>A version 4 UUID: the ledger finds its records by another way.</summary>
    Guid IdWithoutTime()
    {
        var bytes = new byte[16];
        _random.NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    static string User(int rank) => $"user-{rank:00}";

    static DateTimeOffset CutToMicroseconds(DateTimeOffset instant) => new(instant.UtcTicks - instant.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
}
