using Billing.Client;
using Billing.Client.Leases;
using Billing.Client.Requests;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Tests.Client.Leases;

/// <summary>The gate as a gateway registers it, on a clock and a service of the test's.</summary>
sealed class RunningGate : IAsyncDisposable
{
    readonly ServiceProvider _provider;

    public RunningGate(Action<QuotaGateOptions>? configure = null)
    {
        Funds = new FakeFunds(Time);
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton<IRequestDoor>(Funds);
        services.AddSingleton<Microsoft.Extensions.Configuration.IConfiguration>(new Microsoft.Extensions.Configuration.ConfigurationBuilder().Build());
        services.AddBillingClient(options => options.Address = new Uri("http://localhost"));
        services.Configure<QuotaGateOptions>(options => configure?.Invoke(options));
        _provider = services.BuildServiceProvider();
        Gate = _provider.GetRequiredService<QuotaGate>();
    }

    public ManualTime Time { get; } = new();
    public FakeFunds Funds { get; }
    public QuotaGate Gate { get; }

    public IServiceProvider Services => _provider;

    public async Task<QuotaGrant> Acquire(long quantity = 1, string user = "ann", string service = "chat") => await Gate.AcquireAsync(user, service, quantity, null, CancellationToken.None);

    public bool Try(out QuotaGrant grant, long quantity = 1, string user = "ann", string service = "chat") => Gate.TryAcquire(user, service, quantity, out grant);

    /// <summary>Time passes in steps of sweeps.</summary>
    public void Advance(double seconds)
    {
        for (var left = seconds; left > 0; left -= 0.5) Time.Advance(TimeSpan.FromSeconds(Math.Min(left, 0.5)));
    }

    public async ValueTask DisposeAsync()
    {
        var ending = _provider.DisposeAsync().AsTask();
        while (!ending.IsCompleted)
        {
            Time.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Delay(1);
        }
        await ending;
    }
}
