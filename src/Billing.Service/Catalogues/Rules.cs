using Billing.Service.Charging;
using Billing.Service.Ledger;

namespace Billing.Service.Catalogues;

/// <summary>The catalogue and calendar in force, loaded at start.</summary>
public sealed class Rules : IRules
{
    volatile ChargingRules? _current;

    public ChargingRules Current => _current ?? throw new InvalidOperationException("The catalogue is not loaded yet.");

    public bool AreLoaded => _current is not null;

    public string Currency { get; private set; } = "";

    public void Use(ChargingRules rules, string currency)
    {
        Currency = currency;
        _current = rules;
    }
}
