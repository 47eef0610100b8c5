using System.Collections.Concurrent;
using Billing.Contracts;

namespace Billing.Demo.Traffic;

/// <summary>Mistakes that gateways make. Each has to end in <c>rejected_usage</c> with its reason, and harm no neighbour.</summary>
sealed class WrongUsages
{
    const int ReusableMax = 100;

    static readonly object[] NonsenseItems =
    [
        42,
        "not a usage",
        new { usageId = "call-17", userId = "user-0001", service = "chat", quantity = 5 },
        new { usageId = "01938c6e-0000-7000-8000-000000000000", userId = "user-0001", service = "chat", quantity = "many", occurredAt = "yesterday" },
    ];

    readonly ConcurrentQueue<UsageOccurred> _charged = new();

    /// <summary>
    /// Notes a usage that is known to be charged. Only such an id is used again for other content: which of the two stands would
    /// otherwise depend on which comes first.
    /// </summary>
    public void NoteCharged(UsageOccurred usage)
    {
        if (_charged.Count < ReusableMax) _charged.Enqueue(usage);
    }

    public UsageOccurred Draw(Random random, UsageOccurred right) => random.Next(7) switch
    {
        0 => right with { Service = "telepathy" },
        1 => right with { Quantity = 0 },
        2 => right with { OccurredAt = right.OccurredAt.AddDays(-40) },
        3 => right with { OccurredAt = right.OccurredAt.AddHours(1) },
        4 => right with { Service = "chat", Cost = new Money(1_000_000) },
        5 => right with { Service = "llm", Cost = null },
        _ => _charged.TryDequeue(out var taken) ? taken with { Quantity = taken.Quantity + 1 } : right with { Service = "telepathy" },
    };

    public static object Nonsense(Random random) => NonsenseItems[random.Next(NonsenseItems.Length)];
}
