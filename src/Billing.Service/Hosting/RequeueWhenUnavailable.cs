using Billing.Service.Ledger;
using MassTransit;

namespace Billing.Service.Hosting;

/// <summary>An outage must not move healthy messages to the error queue: they go back to where they came from. Only what can never work goes on to it.</summary>
/// <param name="delay">How long the message rests before.</param>
/// <param name="database">Knows its outages.</param>
/// <param name="orUnheard">Also what had to tell something that no queue took.</param>
sealed class RequeueWhenUnavailable(TimeSpan delay, Lazy<ILedgerStore> database, bool orUnheard = false) : IFilter<ExceptionReceiveContext>
{
    public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        if (!IsUnavailability(context.Exception))
        {
            await next.Send(context);
            return;
        }

        await Task.Delay(delay, CancellationToken.None);
        // Thrown out of the error pipe, it makes the transport give the message back.
        System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(context.Exception);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("requeueWhenUnavailable");

    bool IsUnavailability(Exception exception) => (orUnheard && IsUnheard(exception)) || Unavailability.Explains(exception, unknown => database.Value.Classify(unknown));

    static bool IsUnheard(Exception? exception) => exception is MessageReturnedException || (exception is not null && IsUnheard(exception.InnerException));
}
