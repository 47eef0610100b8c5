using System.Diagnostics.Metrics;

namespace Billing.Client.Leases;

/// <summary>The meter "Billing.Client". Grants and leases are counted when somebody looks; a call pays nothing for it.</summary>
sealed class GateMetrics
{
    public const string Meter = "Billing.Client";
    public const string Reserve = "reserve";
    public const string Release = "release";

    readonly Counter<long> _refusals;
    readonly Counter<long> _letThrough;
    readonly Histogram<double> _requests;

    public GateMetrics(IMeterFactory meters, OpenLeases open)
    {
        var meter = meters.Create(Meter);
        meter.CreateObservableGauge("billing.client.leases", () => open.All.Count, description: "Leases that hold funds at the service");
        meter.CreateObservableGauge("billing.client.lease.units", () => open.All.Sum(lease => lease.Left), description: "Units of leases not handed out");
        meter.CreateObservableGauge("billing.client.lease.calls", () => open.All.Sum(lease => (long)lease.Outstanding), description: "Calls granted and not settled yet");
        meter.CreateObservableCounter("billing.client.grants", open.Grants, description: "Calls granted under leases");
        _refusals = meter.CreateCounter<long>("billing.client.refusals", description: "Calls refused, by code");
        _letThrough = meter.CreateCounter<long>("billing.client.let_through", description: "Calls let through without a reservation while the service did not answer");
        _requests = meter.CreateHistogram<double>("billing.client.request.duration", "s", "How long the gate's requests took, by request and code");
    }

    public void Refused(string code) => _refusals.Add(1, new KeyValuePair<string, object?>("code", code));

    public void LetThrough() => _letThrough.Add(1);

    public void Asked(string request, string? code, TimeSpan took) =>
        _requests.Record(took.TotalSeconds, new KeyValuePair<string, object?>("request", request), new KeyValuePair<string, object?>("code", code ?? "ok"));
}
