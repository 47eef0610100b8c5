namespace Billing.Client.Reporting.Doors;

/// <summary>One way for usage to the service.</summary>
interface IUsageDoor : IAsyncDisposable
{
    /// <summary>
    /// Returns once every usage of the message is the service's: charged, or about to be, or kept as rejected. Anything else is an
    /// exception; whether it arrived is then not known, and it is sent again.
    /// </summary>
    /// <returns>Those known to be rejected.</returns>
    Task<IReadOnlyList<RejectedItem>> Send(UsageBody body, CancellationToken cancellationToken);
}
