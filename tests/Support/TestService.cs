using Billing.Service.Hosting;
using Billing.Service.Ledger;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.TestSupport;

/// <summary>The real host, all of it, in the test's process on a free port.</summary>
public sealed class TestService : IAsyncDisposable
{
    static readonly TimeSpan StartsWithin = TimeSpan.FromMinutes(3);
    static readonly TimeSpan EndsWithin = BillingHost.StopsWithin + TimeSpan.FromSeconds(15);

    readonly WebApplication _app;
    readonly DirectoryInfo _folder;

    TestService(WebApplication app, DirectoryInfo folder) => (_app, _folder) = (app, folder);

    public HttpClient Http { get; private set; } = null!;

    public IServiceProvider Services => _app.Services;

    public IDatabase Database => Services.GetRequiredService<IDatabase>();

    /// <summary>What has no address runs embedded: a SQLite file of its own, the in-memory transport, the in-process cache.</summary>
    /// <param name="settings">Further settings, such as <c>Broker:UsagePrefetch=10</c>.</param>
    public static async Task<TestService> Start(string? postgres = null, Uri? rabbitMq = null, string? dataFile = null, string? redis = null, params string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("billing-service-");
        string[] arguments =
        [
            "--urls=http://127.0.0.1:0",
            $"--BILLING_POSTGRES={postgres}",
            $"--BILLING_RABBITMQ={rabbitMq?.AbsoluteUri}",
            $"--BILLING_REDIS={redis}",
            $"--Billing:DataFile={dataFile ?? Path.Combine(folder.FullName, "billing.db")}",
            $"--Billing:CatalogueFile={await TestCatalogue.Write(folder.FullName)}",
            "--Serilog:MinimumLevel:Default=Error",
            .. settings.Select(setting => $"--{setting}"),
        ];
        var app = await Build(arguments);
        var service = new TestService(app, folder);
        try
        {
            await app.StartAsync().WaitAsync(StartsWithin);
            service.Http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Builds the host apart from the caller's flow: MassTransit leaves its logger in a flow that it is used in, and the bus of a second
    /// host would take it up, disposed.
    /// </summary>
    public static Task<WebApplication> Build(string[] arguments)
    {
        using (ExecutionContext.SuppressFlow()) return Task.Run(() => BillingHost.Build(arguments));
    }

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        // As the program itself: a bus that lost its connection may not be there to be stopped. It is left behind, not waited for.
        var ended = End();
        if (await Task.WhenAny(ended, Task.Delay(EndsWithin)) != ended) return;
        await ended;
        _folder.Delete(recursive: true);
    }

    async Task End()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
