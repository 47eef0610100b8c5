namespace Billing.ReliableMessaging.Configuration;

/// <summary>The context whose outbox takes what is published outside of consumers.</summary>
sealed record BusOutboxOwner(Type DbContext);
