using MassTransit;

namespace Billing.Service.Hosting;

/// <summary>
/// Answers go over the broker's direct reply-to and nowhere else. An address is the sender's word, and this service would declare and
/// bind what it names with rights that the sender has not: "?bindexchange=" turns an exchange that anybody may publish to into a way in
/// to one that is the payment service's alone.
/// </summary>
sealed class OwnRepliesOnly(ILogger<OwnRepliesOnly> logger) : IFilter<ConsumeContext>
{
    const string DirectReplyTo = "amq.rabbitmq.reply-to";

    /// <summary>MassTransit's word for a queue that goes with its connection; it binds nothing.</summary>
    const string Temporary = "?temporary=true";

    public Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        if (IsAllowed(context.ResponseAddress) && IsAllowed(context.FaultAddress)) return next.Send(context);

        // Not thrown: a fault would be sent to that very address.
        logger.LogWarning("Dropped a message on {Queue} that asks for its answer at {ResponseAddress} {FaultAddress}", context.ReceiveContext.InputAddress, context.ResponseAddress, context.FaultAddress);
        return Task.CompletedTask;
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("ownRepliesOnly");

    static bool IsAllowed(Uri? address) => address is null || (address.AbsolutePath.Split('/')[^1] == DirectReplyTo && address.Query is "" or Temporary);
}
