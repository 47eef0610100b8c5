using MassTransit;
using MassTransit.RabbitMqTransport;

namespace Billing.Service.Hosting;

/// <summary>
/// Answers go over the broker's direct reply-to and nowhere else. An address is the sender's word, and this service would declare and
/// bind what it names with rights that the sender has not: "?bindexchange=" turns an exchange that anybody may publish to into a way in
/// to one that is the payment service's alone. In the same way an answer must not reach a queue by the name in <c>reply_to</c>.
/// </summary>
sealed class OwnRepliesOnly(ILogger<OwnRepliesOnly> logger) : IFilter<ConsumeContext>
{
    /// <summary>MassTransit's word for a queue that goes with its connection; it binds nothing.</summary>
    const string Temporary = "?temporary=true";

    public Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        if (IsAllowed(context.ResponseAddress) && IsAllowed(context.FaultAddress) && IsAllowed(ReplyToOf(context))) return next.Send(context);

        // Not thrown: a fault would be sent to that very address.
        logger.LogWarning("Dropped a message on {Queue} that asks for its answer at {ResponseAddress} {FaultAddress} {ReplyTo}",
            context.ReceiveContext.InputAddress, context.ResponseAddress, context.FaultAddress, ReplyToOf(context));
        return Task.CompletedTask;
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("ownRepliesOnly");

    static bool IsAllowed(Uri? address) => address is null || (DirectReplyTo.Is(address) && address.Query is "" or Temporary);

    static bool IsAllowed(string? replyTo) => replyTo is null || DirectReplyTo.IsRequester(replyTo);

    static string? ReplyToOf(ConsumeContext context) => context.ReceiveContext.TryGetPayload<RabbitMqBasicConsumeContext>(out var message) ? message.Properties.ReplyTo : null;
}
