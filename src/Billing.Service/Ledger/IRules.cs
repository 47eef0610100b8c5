using Billing.Service.Charging;

namespace Billing.Service.Ledger;

/// <summary>The rules in force now: a batch takes them once.</summary>
public interface IRules
{
    ChargingRules Current { get; }

    /// <summary>Makes them the database's, if they are not: after this, <see cref="Current"/> has every change that was committed before it.</summary>
    Task Refresh(CancellationToken cancellationToken);

    /// <summary>ISO 4217 code of the deployment's one billing currency.</summary>
    string Currency { get; }
}
