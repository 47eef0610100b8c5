using Billing.Demo.Traffic;

namespace Billing.Demo.Gateway;

/// <summary>Makes callers, each with a random sequence of its own.</summary>
sealed class DeductionCallers(DemoOptions options, Repeats repeats, WrongUsages wrong, GatewayLog log, TimeProvider time)
{
    int _made;

    public DeductionCaller By(IQuotaDoor door) => new(door, options.Duplicates, options.Seed + ++_made, repeats, wrong, log, time);

    public LeaseCaller ByLeaseOf(PlatformGateway gateway) => new(gateway, repeats, log, time);
}
