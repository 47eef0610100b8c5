using System.Diagnostics;
using MassTransit;
using MassTransit.Logging;

namespace Billing.Service.Observability;

/// <summary>
/// Continues the trace of a sender that knows no MassTransit: the header <c>traceparent</c> of W3C, as any OpenTelemetry client of AMQP
/// writes it. The transport's own span, which has begun by then as a trace of its own, is linked.
/// </summary>
sealed class TraceParent : IFilter<ConsumeContext>
{
    const string Parent = "traceparent";
    const string State = "tracestate";

    public async Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        using var span = Start(context.ReceiveContext);
        await next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("traceParent");

    static Activity? Start(ReceiveContext context)
    {
        if (!Telemetry.Source.HasListeners() || context.TransportHeaders.TryGetHeader(DiagnosticHeaders.ActivityId, out _)) return null;
        if (!ActivityContext.TryParse(context.TransportHeaders.Get<string>(Parent), context.TransportHeaders.Get<string>(State), isRemote: true, out var sender)) return null;

        var links = Activity.Current is { } transport ? new[] { new ActivityLink(transport.Context) } : null;
        var queue = context.InputAddress.AbsolutePath.Split('/')[^1];
        var span = Telemetry.Source.StartActivity($"{queue} receive", ActivityKind.Consumer, sender, tags: null, links);
        span?.SetTag("messaging.system", "rabbitmq");
        span?.SetTag("messaging.destination.name", queue);
        return span;
    }
}
