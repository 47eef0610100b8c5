using Billing.Service.Charging;

namespace Billing.Benchmarks.Plans;

/// <summary>A way to charge that a team could have built instead.</summary>
interface IPlan : IAsyncDisposable
{
    /// <summary>One usage; returns when the gateway is told that it is taken.</summary>
    Task Charge(Usage usage);

    /// <summary>Until all that was taken stands in the database.</summary>
    Task Drain();

    /// <summary>How many usages stand in the database, and how many of them more than once.</summary>
    Task<(long Charged, long Twice)> Count();
}
