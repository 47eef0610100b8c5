using Billing.Contracts;

namespace Billing.Demo.Traffic;

/// <summary>What users call: the services of the catalogue of the first start.</summary>
static class Calls
{
    const long LlmNanosPerToken = 3_000;
    const double LateShare = 0.01;

    public static UsageOccurred Draw(Random random, string user, DateTimeOffset now)
    {
        var (service, quantity, cost) = Service(random);
        return new UsageOccurred
        {
            UsageId = UsageIds.Next(random, now),
            UserId = user,
            Service = service,
            Quantity = quantity,
            Cost = cost,
            OccurredAt = OccurredAt(random, now),
        };
    }

    static (string Service, long Quantity, Money? Cost) Service(Random random) => random.NextDouble() switch
    {
        < 0.45 => ("chat", random.Next(100, 4_001), null),
        < 0.70 => ("search", 1, null),
        < 0.82 => ("ocr", random.Next(1, 21), null),
        < 0.90 => ("image", random.Next(1, 5), null),
        _ => Llm(random.Next(200, 8_001)),
    };

    static (string Service, long Quantity, Money? Cost) Llm(long tokens) => ("llm", tokens, new Money(tokens * LlmNanosPerToken));

    // Mostly just now; a few reports come hours late. Whole microseconds, as the service keeps them.
    static DateTimeOffset OccurredAt(Random random, DateTimeOffset now)
    {
        var ago = random.NextDouble() < LateShare ? TimeSpan.FromHours(48 * random.NextDouble()) : TimeSpan.FromSeconds(2 * random.NextDouble());
        var instant = now - ago;
        return new DateTimeOffset(instant.UtcTicks - instant.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
    }
}
