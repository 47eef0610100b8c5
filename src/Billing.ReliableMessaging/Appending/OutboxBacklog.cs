namespace Billing.ReliableMessaging;

/// <summary>What waits in an outbox.</summary>
/// <param name="Ready">Messages that could be delivered now.</param>
/// <param name="OldestAge">How long the oldest message that is ready or failing has waited; zero when there is none.</param>
/// <param name="Failing">Messages whose delivery has failed at least once.</param>
public sealed record OutboxBacklog(long Ready, TimeSpan OldestAge, long Failing);
