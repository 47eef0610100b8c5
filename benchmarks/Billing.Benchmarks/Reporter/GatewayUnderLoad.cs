using System.Diagnostics;
using Billing.Client;
using Billing.Client.Reporting;
using Billing.Client.Reporting.Doors;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Billing.Benchmarks.Reporter;

/// <summary>A gateway's host with the client library in it, and a folder of its own on the disk.</summary>
sealed class GatewayUnderLoad : IAsyncDisposable
{
    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    readonly DirectoryInfo _folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, $"reporter-{Guid.CreateVersion7():N}"));
    readonly IHost _host;
    readonly Workload _users = new(Callers.Users, seed: 7);

    GatewayUnderLoad(UsageDurability durability, Uri address, bool noService)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Billing:Address"] = address.AbsoluteUri,
            ["Billing:Reporter:Directory"] = _folder.FullName,
            ["Billing:Reporter:Durability"] = durability.ToString(),
        });
        if (noService) builder.Services.AddSingleton<IUsageDoor, OpenDoor>();
        builder.Services.AddBillingClient();
        _host = builder.Build();
    }

    public IUsageReporter Reporter => _host.Services.GetRequiredService<IUsageReporter>();
    public long Taken { get; private set; }
    public long Refused { get; private set; }
    public double LastRate { get; private set; }

    /// <summary>Everything is confirmed at once: what is left is the cost on the gateway's side.</summary>
    public static Task<GatewayUnderLoad> WithoutService(UsageDurability durability) => Start(new GatewayUnderLoad(durability, new Uri("http://127.0.0.1:1"), noService: true));

    public static Task<GatewayUnderLoad> OnBroker(UsageDurability durability, Uri address) => Start(new GatewayUnderLoad(durability, address, noService: false));

    /// <summary>Reports at this pace; what falls behind is caught up with.</summary>
    public async Task<TimeSpan> Drive(int perSecond, TimeSpan length)
    {
        var names = Enumerable.Range(0, perSecond).Select(_ => _users.NextUser()).ToArray();
        var watch = Stopwatch.StartNew();
        var (done, taken) = (0L, 0L);
        while (watch.Elapsed < length)
        {
            for (var due = (long)(watch.Elapsed.TotalSeconds * perSecond); done < due; done++)
            {
                if (Reporter.TryReport(new UsageReport { UserId = names[done % names.Length], Service = "search", Quantity = 1 })) taken++;
                else Refused++;
            }
            await Task.Delay(Tick);
        }
        Taken += taken;
        LastRate = taken / watch.Elapsed.TotalSeconds;
        return watch.Elapsed;
    }

    public async Task AllSent()
    {
        await Reporter.FlushAsync();
        while (!_host.Services.GetRequiredService<UsageReporter>().IsSent) await Task.Delay(Look);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        _folder.Delete(recursive: true);
    }

    static async Task<GatewayUnderLoad> Start(GatewayUnderLoad gateway)
    {
        await gateway._host.StartAsync();
        return gateway;
    }

    sealed class OpenDoor : IUsageDoor
    {
        public Task<IReadOnlyList<RejectedItem>> Send(UsageBody body, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<RejectedItem>>([]);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
