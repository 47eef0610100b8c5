using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Billing.Client.Leases;

/// <summary>
/// Ends the gate when the host has stopped taking requests and everything else still works: its leases go back with their final counts.
/// A program that never asks for the gate has none.
/// </summary>
sealed class QuotaGateService(IServiceProvider services) : IHostedLifecycleService
{
    QuotaGate? _gate;

    public QuotaGate Open() => _gate = ActivatorUtilities.CreateInstance<QuotaGate>(services);

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (_gate is not null) await _gate.DisposeAsync();
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
