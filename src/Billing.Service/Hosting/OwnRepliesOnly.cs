using MassTransit;
using MassTransit.Context;

namespace Billing.Service.Hosting;

/// <summary>
/// Answers go over the broker's direct reply-to and nowhere else. An address is the sender's word, and this service would declare and
/// bind what it names with rights that the sender has not: "?bindexchange=" turns an exchange that anybody may publish to into a way in
/// to one that is the payment service's alone. What such a message says is done all the same: it is confirmed, and it may be about money.
/// </summary>
sealed class OwnRepliesOnly(ILogger<OwnRepliesOnly> logger) : IFilter<ConsumeContext>
{
    /// <summary>MassTransit's word for a queue that goes with its connection; it binds nothing.</summary>
    const string Temporary = "?temporary=true";

    public Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        if (IsAllowed(context.ResponseAddress) && IsAllowed(context.FaultAddress)) return next.Send(context);

        logger.LogWarning("A message on {Queue} asks for its answer at {ResponseAddress} {FaultAddress}: none goes there", context.ReceiveContext.InputAddress, context.ResponseAddress, context.FaultAddress);
        return next.Send(new Unanswered(context));
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("ownRepliesOnly");

    internal static bool IsAllowed(Uri? address) => address is null || (DirectReplyTo.Is(address) && address.Query is "" or Temporary);

    sealed class Unanswered(ConsumeContext message) : ConsumeContextProxy(message)
    {
        public override Uri? ResponseAddress => null;
        public override Uri? FaultAddress => null;
    }
}
