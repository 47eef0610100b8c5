using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Billing.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Tests.Client.Leases;

public sealed class GateMetricsTests
{
    [Fact]
    public async Task Leases_grants_and_refusals_can_be_watched()
    {
        await using var running = new RunningGate();
        var meters = running.Services.GetRequiredService<IMeterFactory>();
        var seen = new ConcurrentDictionary<string, double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, all) =>
        {
            if (instrument.Meter.Name == "Billing.Client" && instrument.Meter.Scope == meters) all.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => seen[instrument.Name] = value);
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => seen[instrument.Name] = value);
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => seen[tags.Length > 0 ? $"{instrument.Name} {tags[0].Value}" : instrument.Name] = value);
        listener.Start();

        var grant = await running.Acquire();
        Assert.True(running.Try(out var second));
        second.Complete(1);
        running.Funds.Refuse = ErrorCodes.UnknownService;
        Assert.False((await running.Acquire(service: "nothing")).Allowed);
        listener.RecordObservableInstruments();

        Assert.Equal((1, 8, 1, 2), (seen["billing.client.leases"], seen["billing.client.lease.units"], seen["billing.client.lease.calls"], seen["billing.client.grants"]));
        Assert.Equal(1, seen["billing.client.refusals unknown_service"]);
        Assert.Contains("billing.client.request.duration", seen.Keys);
        var lease = Assert.Single(running.Gate.Leases);
        Assert.Equal(("ann", "chat", 10L, 8L, 1L, 1, false, TimeSpan.FromSeconds(29)), (lease.UserId, lease.Service, lease.Units, lease.Left, lease.Used, lease.Outstanding, lease.Closed, lease.GrantsFor));
        grant.Return();
    }

    [Theory]
    [InlineData(nameof(QuotaGateOptions.LeaseTime))]
    [InlineData(nameof(QuotaGateOptions.UnitsMax))]
    [InlineData(nameof(QuotaGateOptions.MaxUnitCosts))]
    public void Wrong_settings_stop_the_program_at_its_start_with_what_would_be_right(string setting)
    {
        var options = new QuotaGateOptions();
        Assert.Null(options.Problem());

        switch (setting)
        {
            case nameof(QuotaGateOptions.LeaseTime): options.LeaseTime = TimeSpan.FromSeconds(1); break;
            case nameof(QuotaGateOptions.UnitsMax): options.UnitsMax = 5; break;
            default: options.MaxUnitCosts["llm"] = 0.0000000001m; break;
        }

        Assert.Contains(setting, options.Problem());
    }
}
