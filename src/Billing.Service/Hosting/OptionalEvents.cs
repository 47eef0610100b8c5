using MassTransit;

namespace Billing.Service.Hosting;

/// <summary>What is told to whoever listens, and perhaps nobody does. Every other message must arrive somewhere.</summary>
static class OptionalEvents
{
    static readonly HashSet<string> Urns =
    [
        MessageUrn.ForTypeString<DebtIncurred>(),
        MessageUrn.ForTypeString<RechargeCompleted>(),
        MessageUrn.ForTypeString<RechargeFailed>(),
        MessageUrn.ForTypeString<RechargeExpired>(),
        MessageUrn.ForTypeString<RechargeNeedsReview>(),
        MessageUrn.ForTypeString<RechargeRefunded>(),
        MessageUrn.ForTypeString<PaymentUnmatched>(),
    ];

    public static bool Has(SendContext message) => message.SupportedMessageTypes.Any(Urns.Contains);
}
