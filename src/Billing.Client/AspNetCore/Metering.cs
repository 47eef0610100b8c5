using Billing.Client.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Billing.Client.AspNetCore;

/// <summary>
/// Around each metered call: asks the gate, lets it through or refuses it, settles what was granted and reports what was used. The
/// usage id is made here; nothing that a caller sends can choose it, or it would choose which calls are free.
/// </summary>
sealed class Metering(RequestDelegate next, MeteringOptions options, IQuotaGate gate, IUsageSink usages, ServiceClock clock, ILogger<Metering> logger)
{
    const string UsageIdHeader = "Billing-Usage-Id";

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<MeteredAttribute>() is not { } metered)
        {
            await next(context);
            return;
        }
        if (options.User(context) is not { Length: > 0 } user)
        {
            await Refusals.Unauthorized(context);
            return;
        }
        var grant = await gate.AcquireAsync(user, metered.Service, metered.Asked, cancellationToken: context.RequestAborted);
        if (!grant.Allowed)
        {
            await Refusals.Write(context, grant.Code!, logger);
            return;
        }
        await Meter(context, metered, user, grant);
    }

    async Task Meter(HttpContext context, MeteredAttribute metered, string user, QuotaGrant grant)
    {
        // By the service's clock: the id and the time are right where this machine's is not.
        var started = clock.Now;
        var meter = new UsageMeter(Guid.CreateVersion7(started), user, metered, grant);
        context.Features.Set(meter);
        context.Response.OnStarting(static state =>
        {
            var (context, id) = ((HttpContext, Guid))state;
            context.Response.Headers[UsageIdHeader] = id.ToString();
            return Task.CompletedTask;
        }, (context, meter.Id));

        var failed = true;
        try
        {
            await next(context);
            failed = false;
        }
        finally
        {
            await Charge(context, meter, started, failed);
        }
    }

    /// <summary>
    /// An answer that had begun when the call was cut off or failed is charged for what the meter says; one that had not begun when
    /// the handler threw becomes an error, and is free.
    /// </summary>
    async Task Charge(HttpContext context, UsageMeter meter, DateTimeOffset started, bool failed)
    {
        var free = failed && !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested || options.IsFree(context);
        var (units, cost) = meter.Read(completed: !failed && !context.RequestAborted.IsCancellationRequested);
        if (free || units == 0)
        {
            meter.Grant.Return();
            return;
        }
        if (!meter.Grant.Complete(units)) return;

        var usage = new MeteredUsage(meter.Id, meter.UserId, meter.Service, units, cost, started, meter.Grant.ReservationId);
        if (usages.TryReport(usage)) return;

        // There is no room: the answer goes out whole, and this call waits so that its usage is not lost.
        if (!failed) await context.Response.CompleteAsync();
        await usages.ReportAsync(usage, CancellationToken.None);
    }
}
