using System.Collections.Concurrent;
using Billing.Client;
using Billing.Client.Reporting;
using Billing.Contracts;
using Billing.Demo.Traffic;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Billing.Demo.Gateway;

/// <summary>
/// One of the platform's gateways: a program with the client library in it, with connections, leases and a folder for usage of its own.
/// What it reports is confirmed when the broker has taken it, or over HTTP when it is charged.
/// </summary>
sealed class PlatformGateway : IMessageDoor, IQuotaDoor, IConfirmedUsages
{
    readonly ConcurrentDictionary<Guid, ConcurrentQueue<TaskCompletionSource>> _waiting = new();
    readonly IHost _host;

    PlatformGateway(Uri address, string folder)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton<IConfirmedUsages>(this);
        builder.Services.AddBillingClient(options => options.Address = address);
        builder.Services.Configure<UsageReporterOptions>(options => options.Directory = folder);
        builder.Services.AddSingleton<ILoggerFactory>(LoggerFactory.Create(_ => { }));
        _host = builder.Build();
        (Reporter, Gate, Client) = (Service<IUsageReporter>(), Service<IQuotaGate>(), Service<IBillingClient>());
    }

    public IQuotaGate Gate { get; }

    IUsageReporter Reporter { get; }

    IBillingClient Client { get; }

    /// <param name="folder">Where usage waits while the way is closed: one of this gateway alone.</param>
    public static async Task<PlatformGateway> Start(Uri address, string folder, CancellationToken cancellationToken)
    {
        var gateway = new PlatformGateway(address, folder);
        await gateway._host.StartAsync(cancellationToken);
        return gateway;
    }

    public async Task Send(Delivery delivery, CancellationToken giveUp)
    {
        var confirmed = new List<Task>(delivery.Usages.Count);
        foreach (var usage in delivery.Usages)
        {
            var isConfirmed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.GetOrAdd(usage.Message.UsageId, _ => []).Enqueue(isConfirmed);
            confirmed.Add(isConfirmed.Task);
            var report = ReportOf(usage.Message);
            if (!Reporter.TryReport(report)) await Reporter.ReportAsync(report, giveUp);
        }
        await Task.WhenAll(confirmed).WaitAsync(giveUp);
    }

    public Task<QuotaStatus> Check(CheckQuota request, CancellationToken cancellationToken) => Client.CheckQuotaAsync(request, cancellationToken);

    public Task<QuotaDeduction> Deduct(DeductQuota request, CancellationToken cancellationToken) => Client.DeductQuotaAsync(request, cancellationToken);

    void IConfirmedUsages.Confirmed(IReadOnlyList<Guid> usageIds)
    {
        foreach (var usageId in usageIds)
        {
            // Whichever of its reports it was: the usage has arrived.
            if (!_waiting.TryRemove(usageId, out var waiting)) continue;
            foreach (var one in waiting) one.TrySetResult();
        }
    }

    /// <summary>Gives its leases back and sends what waits, as a gateway does that is told to stop.</summary>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable disposable) await disposable.DisposeAsync();
    }

    T Service<T>() where T : notnull => _host.Services.GetRequiredService<T>();

    static UsageReport ReportOf(UsageOccurred usage) => new()
    {
        UsageId = usage.UsageId,
        UserId = usage.UserId,
        Service = usage.Service,
        Quantity = usage.Quantity,
        Cost = usage.Cost,
        Currency = usage.Currency,
        OccurredAt = usage.OccurredAt,
        ReservationId = usage.ReservationId,
    };
}
