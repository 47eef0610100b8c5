using Billing.Contracts;
using Billing.Demo.Traffic;

namespace Billing.Demo.Gateway;

/// <summary>A call that a lease answers for inside the gateway: nobody is asked, and its usage names the lease.</summary>
sealed class LeaseCaller(PlatformGateway gateway, Repeats repeats, GatewayLog log, TimeProvider time)
{
    public async Task Call(DemoUsage usage, CancellationToken giveUp)
    {
        var call = usage.Message;
        var grant = await gateway.Gate.AcquireAsync(call.UserId, call.Service, call.Quantity, MaxUnitCost(call), giveUp);
        if (!grant.Allowed)
        {
            log.NoteNotLeased(grant.Code!);
            return;
        }
        log.NoteLeased();

        var leased = new DemoUsage(call with { ReservationId = grant.ReservationId }, isWrong: false);
        repeats.Remember(leased);
        leased.NotePublished(time.GetUtcNow());
        grant.Complete(call.Quantity);
        await gateway.Send(new Delivery(DeliveryForm.Single, [leased]), giveUp);
        log.Confirm([leased]);
    }

    static Money? MaxUnitCost(UsageOccurred call) => call.Cost is { } cost ? new Money((cost.Nanos + call.Quantity - 1) / call.Quantity) : null;
}
