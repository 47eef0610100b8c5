using MassTransit;

namespace Billing.Service.Hosting;

/// <summary>
/// What cannot be read is looked at twice: as what failed, and then as what nobody took. It lies in the error queue with its reason; a
/// second copy in the queue of the skipped would look like a second message.
/// </summary>
sealed class SetAsideOnce : IFilter<ReceiveContext>, IFilter<ExceptionReceiveContext>
{
    public Task Send(ReceiveContext context, IPipe<ReceiveContext> next) => context.TryGetPayload<Aside>(out _) ? Task.CompletedTask : next.Send(context);

    public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        await next.Send(context);
        context.AddOrUpdatePayload(() => new Aside(), aside => aside);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("setAsideOnce");

    sealed record Aside;
}
