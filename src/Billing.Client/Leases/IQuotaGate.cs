namespace Billing.Client;

/// <summary>
/// Asks before a call whether its user may make it, without asking the billing service each time: it takes reservations for many
/// calls at once ("leases") and hands them out in this process. What it hands out is paid, also when the service is away.
/// </summary>
public interface IQuotaGate
{
    /// <summary>
    /// In this process alone: nothing is sent, nothing is waited for, nothing is allocated. False with
    /// <see cref="ClientErrorCodes.NoLease"/> means that <see cref="AcquireAsync"/> may still say yes.
    /// </summary>
    /// <param name="quantity">Units, 1 to 1,000,000,000.</param>
    /// <param name="grant">To be settled once, whatever becomes of the call: see <see cref="QuotaGrant.Complete"/>.</param>
    /// <param name="maxUnitCost">What one unit costs at most, for services priced by the gateway; absent: as the options say.</param>
    bool TryAcquire(string userId, string service, long quantity, out QuotaGrant grant, Money? maxUnitCost = null);

    /// <summary>Answers at once where a lease covers it, otherwise asks the service; callers for the same user and service share one request.</summary>
    /// <inheritdoc cref="TryAcquire"/>
    ValueTask<QuotaGrant> AcquireAsync(string userId, string service, long quantity = 1, Money? maxUnitCost = null, CancellationToken cancellationToken = default);

    /// <summary>What is in hand now, for a page of diagnostics; up to <see cref="QuotaGateOptions.KeysMax"/> users and services.</summary>
    IReadOnlyCollection<LeaseState> Leases { get; }
}
