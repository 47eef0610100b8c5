namespace Billing.Service.Webhooks;

/// <summary>When a delivery that failed is tried again: quickly at first, for about three days in all.</summary>
static class RetryLadder
{
    const int JitterPercent = 20;

    static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1), TimeSpan.FromHours(3),
        TimeSpan.FromHours(6), TimeSpan.FromHours(12), TimeSpan.FromHours(24), TimeSpan.FromHours(24),
    ];

    /// <summary>The pause after so many attempts; null when that was the last. Up to a fifth longer by chance, so that what failed together does not come back together.</summary>
    public static TimeSpan? After(int attempts, Random chance) =>
        attempts > Pauses.Length ? null : Pauses[attempts - 1] * (1 + chance.NextDouble() * JitterPercent / 100);
}
