using MassTransit;

namespace Billing.Service.Hosting;

/// <summary>What is told to whoever listens, and perhaps nobody does: events, and MassTransit's faults. Every other message must arrive somewhere.</summary>
static class OptionalEvents
{
    static readonly HashSet<string> Urns =
    [
        MessageUrn.ForTypeString<RechargeCompleted>(),
        MessageUrn.ForTypeString<RechargeFailed>(),
        MessageUrn.ForTypeString<RechargeExpired>(),
        MessageUrn.ForTypeString<RechargeRefunded>(),
        MessageUrn.ForTypeString<PaymentUnmatched>(),
    ];

    public static bool Has(SendContext message) => message.SupportedMessageTypes.Any(urn => Urns.Contains(urn) || urn.StartsWith("urn:message:MassTransit:", StringComparison.Ordinal));
}
