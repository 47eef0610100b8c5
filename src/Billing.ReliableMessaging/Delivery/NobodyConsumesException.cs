namespace Billing.ReliableMessaging;

/// <summary>A mandatory message that no queue takes.</summary>
public sealed class NobodyConsumesException(Uri? destination) : Exception($"No endpoint consumes what is sent to {destination}.");
