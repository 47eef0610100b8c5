using System.Runtime.CompilerServices;
using MassTransit;
using MassTransit.RabbitMqTransport;
using RabbitMQ.Client;

namespace Billing.Service.Hosting;

/// <summary>
/// Puts <see cref="GatheredAcks"/> between a receive endpoint and each channel it gets. The broker counts deliveries on from one consumer of a
/// channel to the next, as after a queue was deleted and made again: a second one acknowledges each by itself.
/// </summary>
sealed class GatherAcks : IFilter<ChannelContext>
{
    readonly ConditionalWeakTable<IChannel, GatherAcks> _known = [];

    public Task Send(ChannelContext context, IPipe<ChannelContext> next) => next.Send(_known.TryAdd(context.Channel, this) ? new GatheredAcks(context) : context);

    public void Probe(ProbeContext context) => context.CreateFilterScope("gatherAcks");
}
