using Billing.Client;
using Billing.Client.Reporting;
using Billing.TestSupport.Messaging;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Billing.IntegrationTests.Client;

/// <summary>A gateway's host with the client library in it, as its users set it up.</summary>
sealed class ReportingGateway : IAsyncDisposable, IConfirmedUsages
{
    readonly IHost _host;
    readonly Lock _lock = new();
    readonly HashSet<Guid> _confirmed = [];

    ReportingGateway(Uri address, string folder, UsageDurability durability)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Billing:Address"] = address.AbsoluteUri,
            ["Billing:Reporter:Directory"] = folder,
            ["Billing:Reporter:Durability"] = durability.ToString(),
        });
        builder.Logging.AddProvider(Log);
        builder.Services.AddBillingClient();
        builder.Services.AddSingleton<IConfirmedUsages>(this);
        _host = builder.Build();
    }

    public LogLines Log { get; } = new();

    public IUsageReporter Reporter => _host.Services.GetRequiredService<IUsageReporter>();

    public static async Task<ReportingGateway> Start(Uri address, string folder, UsageDurability durability = UsageDurability.Buffer)
    {
        var gateway = new ReportingGateway(address, folder, durability);
        // Apart from the caller's flow: MassTransit leaves its logger in a flow that it is used in.
        Task starting;
        using (ExecutionContext.SuppressFlow()) starting = Task.Run(() => gateway._host.StartAsync());
        await starting;
        return gateway;
    }

    public bool Report(TestUsage usage) => Reporter.TryReport(new UsageReport
    {
        UsageId = usage.UsageId,
        UserId = usage.UserId,
        Service = usage.Service,
        Quantity = usage.Quantity,
        Cost = usage.Cost,
        OccurredAt = usage.OccurredAt,
        ReservationId = usage.ReservationId,
    });

    public Task Confirmed(int count) => Eventually.That(() => Task.FromResult(Count()), confirmed => confirmed == count, $"{count} usages are confirmed");

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    void IConfirmedUsages.Confirmed(IReadOnlyList<Guid> usageIds)
    {
        lock (_lock) _confirmed.UnionWith(usageIds);
    }

    int Count()
    {
        lock (_lock) return _confirmed.Count;
    }
}
