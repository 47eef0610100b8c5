using MassTransit;

namespace Billing.Service.Intake;

static class SentTime
{
    /// <summary>When the message was sent, if it says so.</summary>
    public static DateTimeOffset? SentAt(this ConsumeContext context) =>
        context.SentTime is { } sentAt ? new DateTimeOffset(sentAt.ToUniversalTime()) : null;
}
