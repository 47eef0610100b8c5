using Billing.Service.Charging;
using Billing.TestSupport.Ledger;

namespace Billing.TestSupport.Queries;

/// <summary>Whatever is asked, the answer is that of a scan of all records.</summary>
public abstract partial class StatisticsCompliance
{
    static readonly string[] Zones =
    [
        "UTC", "America/New_York", "Asia/Kathmandu", "Asia/Shanghai", "Australia/Lord_Howe", "Pacific/Chatham", "Africa/Cairo", "America/Havana", "Pacific/Kiritimati",
    ];

    static readonly string[] Services = [TestCatalogue.Chat, TestCatalogue.Image, TestCatalogue.Search];

    [Theory]
    // An account that has no roll-ups; one that gets them on the way; one that has them from its first record on.
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(3, RollUps.EntriesMin - 200)]
    [InlineData(4, RollUps.EntriesMin - 100)]
    [InlineData(5, RollUps.EntriesMin + 1)]
    [InlineData(6, RollUps.EntriesMin + 1)]
    [InlineData(7, RollUps.EntriesMin + 1)]
    public async Task Statistics_equal_a_raw_scan_of_the_records(int seed, long firstNumber)
    {
        var random = new Random(seed);
        var history = await RandomHistory(random, firstNumber);
        for (var round = 0; round < 40; round++)
        {
            var request = RandomRequest(random, history);
            var zone = TimeZoneInfo.FindSystemTimeZoneById(request.TimeZone!);
            var answer = await Get(request);

            var total = request with { GroupBy = [] };
            Assert.Equal(RawScan.Of(history.Records, total, zone).GetValueOrDefault(new(null, null, null)) ?? new(0, 0, 0, 0, 0, 0, 0, 0), RawScan.Of([answer.Total!], total, zone).Values.Single());
            if (request.GroupBy.Count == 0) Assert.Empty(answer.Items);
            else Assert.Equal(Ordered(RawScan.Of(history.Records, request, zone)), Ordered(RawScan.Of(answer.Items, request, zone)));
            Assert.Equal(answer.Items.OrderBy(item => item.From).ThenBy(item => item.Service, StringComparer.Ordinal), answer.Items);
        }
    }

    static IEnumerable<string> Ordered(Dictionary<RawScan.Key, RawScan.Sums> groups) =>
        groups.Select(group => $"{group.Key.Local:O} {group.Key.Offset} {group.Key.Service}: {group.Value}").Order(StringComparer.Ordinal);

    static GetStatistics RandomRequest(Random random, History history)
    {
        var instants = history.Records.Select(record => record.OccurredAt).ToArray();
        DateTimeOffset[] ends = [.. new[] { Instant(), Instant() }.Order()];
        return new GetStatistics
        {
            UserId = history.UserId,
            From = random.Next(3) == 0 ? null : ends[0],
            To = random.Next(3) == 0 ? null : ends[1].AddMicroseconds(1),
            Service = random.Next(4) == 0 ? Services[random.Next(Services.Length)] : null,
            GroupBy = Groupings[random.Next(Groupings.Length)],
            TimeZone = Zones[random.Next(Zones.Length)],
        };

        // Often exactly where a record is, or where a quarter of an hour begins.
        DateTimeOffset Instant()
        {
            var instant = instants[random.Next(instants.Length)].AddMinutes(random.Next(2) * random.Next(-2_000, 2_000));
            return random.Next(3) == 0 ? RollUps.BucketOf(instant) : instant;
        }
    }

    /// <summary>Half a year of records, most of them around changes of clocks, on quarters of hours and right beside; some are given back later.</summary>
    async Task<History> RandomHistory(Random random, long firstNumber)
    {
        DateTimeOffset[] centres = [At("2026-03-08T07:00:00Z"), At("2026-04-04T15:00:00Z"), At("2026-04-23T22:00:00Z"), At("2026-06-15T00:00:00Z"), At("2026-11-01T06:00:00Z"), At("2026-10-03T15:30:00Z")];
        var history = new History(Ledger, Ids.User("random"), firstNumber);
        for (var batch = 0; batch < 8; batch++)
        {
            await history.Add(Enumerable.Range(0, 50).Select(_ =>
            {
                var time = centres[random.Next(centres.Length)].AddMinutes(15 * random.Next(-200, 200)).AddMicroseconds(random.Next(-1, 2));
                var cost = random.NextInt64(4_000_000_000);
                var quantity = 1 + random.Next(1_000_000_000);
                return new History.Call(time, Services[random.Next(Services.Length)], quantity, random.Next(quantity), TimeSpan.FromHours(random.Next(800)), random.Next(2) == 0)
                {
                    Cost = new Money(cost),
                    Amount = new Money(random.NextInt64(cost + 1)),
                };
            }));
            await history.Reverse(history.Records.Where(record => !record.Reversed && random.Next(100) == 0).Select(record => record.UsageId).ToList());
        }
        return history;
    }
}
