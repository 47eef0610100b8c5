using Billing.Service.Charging;
using Billing.Service.Ledger;

namespace Billing.Service.Catalogues;

/// <summary>The catalogue and calendar in force: loaded at start, and anew when the database has another version of the catalogue.</summary>
public sealed class Rules(CatalogueStore store, ILogger<Rules> logger) : IRules, IDisposable
{
    readonly SemaphoreSlim _turn = new(1);
    volatile ChargingRules? _current;

    public ChargingRules Current => _current ?? throw new InvalidOperationException("The catalogue is not loaded yet.");

    public bool AreLoaded => _current is not null;

    public string Currency { get; private set; } = "";

    public void Use(ChargingRules rules, string currency)
    {
        Currency = currency;
        _current = rules;
    }

    public async Task Refresh(CancellationToken cancellationToken)
    {
        if (await IsTheDatabases(cancellationToken)) return;

        // One at a time: of two that load at once, the one that read the older catalogue could be the later to put it in force.
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (await IsTheDatabases(cancellationToken)) return;
            var current = Current;
            var catalogue = await store.Load(cancellationToken);
            _current = current with { Catalogue = catalogue };
            logger.LogInformation("The catalogue is at version {CatalogueVersion} now and was at {CatalogueVersionBefore}", catalogue.Version, current.Catalogue.Version);
        }
        finally
        {
            _turn.Release();
        }
    }

    async Task<bool> IsTheDatabases(CancellationToken cancellationToken) => await store.Version(cancellationToken) == Current.Catalogue.Version;

    public void Dispose() => _turn.Dispose();
}
