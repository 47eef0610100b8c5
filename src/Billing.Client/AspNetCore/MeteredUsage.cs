namespace Billing.Client.AspNetCore;

/// <summary>What a metered call used, and the reservation that pays it first.</summary>
readonly record struct MeteredUsage(Guid UsageId, string UserId, string Service, long Quantity, Money? Cost, DateTimeOffset OccurredAt, Guid? ReservationId);
