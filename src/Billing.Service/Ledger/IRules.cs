using Billing.Service.Charging;

namespace Billing.Service.Ledger;

/// <summary>The rules in force now: a batch takes them once.</summary>
public interface IRules
{
    ChargingRules Current { get; }

    /// <summary>ISO 4217 code of the deployment's one billing currency.</summary>
    string Currency { get; }
}
