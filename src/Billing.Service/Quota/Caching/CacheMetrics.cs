using System.Diagnostics.Metrics;
using Billing.Service.Observability;

namespace Billing.Service.Quota.Caching;

/// <summary>What an operator wants to know of the cache, by the meter <c>Billing</c>.</summary>
public sealed class CacheMetrics
{
    readonly Counter<long> _checks;
    readonly Counter<long> _databaseReads;
    readonly Counter<long> _drift;
    readonly Counter<long> _lost;

    public CacheMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Telemetry.Name);
        _checks = meter.CreateCounter<long>("billing.cache.checks", "{check}", description: "Checks of quotas, by where their answer came from.");
        _databaseReads = meter.CreateCounter<long>("billing.cache.database_reads", "{account}", description: "Accounts read from the database for checks.");
        _drift = meter.CreateCounter<long>("billing.cache.drift", "{entry}", description: "Entries that differed from the database, by cause.");
        _lost = meter.CreateCounter<long>("billing.cache.lost_writes", "{account}", description: "Commits that were not written to the cache, because too many waited.");
    }

    public void Answered(int fromCache, int fromDatabase)
    {
        if (fromCache > 0) _checks.Add(fromCache, KeyValuePair.Create<string, object?>("from", "cache"));
        if (fromDatabase > 0) _checks.Add(fromDatabase, KeyValuePair.Create<string, object?>("from", "database"));
    }

    public void ReadFromDatabase(int accounts) => _databaseReads.Add(accounts);

    public void Drifted(DriftCause cause) => _drift.Add(1, KeyValuePair.Create<string, object?>("cause", cause.Name()));

    public void Lost() => _lost.Add(1);
}
