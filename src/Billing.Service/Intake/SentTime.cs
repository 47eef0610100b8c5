using MassTransit;
using MassTransit.RabbitMqTransport;

namespace Billing.Service.Intake;

static class SentTime
{
    /// <summary>When the message was sent, if it says so: its envelope, or for plain JSON the property <c>timestamp</c>, in whole seconds.</summary>
    public static DateTimeOffset? SentAt(this ConsumeContext context)
    {
        if (context.SentTime is { } sentAt) return new DateTimeOffset(sentAt.ToUniversalTime());
        return context.ReceiveContext.TryGetPayload<RabbitMqBasicConsumeContext>(out var message) && message.Properties.IsTimestampPresent()
            ? OfUnixSeconds(message.Properties.Timestamp.UnixTime)
            : null;
    }

    /// <summary>Null for what no clock shows, such as milliseconds sent for seconds: it must not cost the message.</summary>
    internal static DateTimeOffset? OfUnixSeconds(long seconds) => seconds > 0 && seconds <= SecondsMax ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    static readonly long SecondsMax = DateTimeOffset.MaxValue.ToUnixTimeSeconds();
}
