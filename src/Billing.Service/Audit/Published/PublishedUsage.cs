namespace Billing.Service.Audit.Published;

/// <summary>A usage that was confirmed to the gateway; the time in whole microseconds, as the ledger keeps it.</summary>
sealed record PublishedUsage(Guid UsageId, string UserId, string Service, long Quantity, Money? Cost, DateTimeOffset OccurredAt);
