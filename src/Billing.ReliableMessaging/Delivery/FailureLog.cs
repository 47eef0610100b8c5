using Microsoft.Extensions.Logging;

namespace Billing.ReliableMessaging.Delivery;

/// <summary>One line a batch, never one a message.</summary>
sealed class FailureLog(ILogger logger, Type context)
{
    public void Write(IReadOnlyCollection<Delivery> deliveries)
    {
        if (deliveries.FirstOrDefault(delivery => !delivery.Confirmed) is not { } failed) return;
        logger.LogWarning(failed.Error, "Of {MessageCount} messages of the outbox of {Context} {FailedCount} were not delivered, such as {MessageId} of type {MessageType} at attempt {Attempt}; they are tried again",
            deliveries.Count, context.Name, deliveries.Count(delivery => !delivery.Confirmed), failed.Row.MessageId, failed.Row.MessageType, failed.Row.DeliveryAttempts + 1);
    }
}
