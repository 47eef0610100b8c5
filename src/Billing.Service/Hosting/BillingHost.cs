using System.Net;
using Billing.Service.Access;
using Billing.Service.Accounts;
using Billing.Service.Batching;
using Billing.Service.Http;
using Billing.Service.Intake;
using Billing.Service.Jobs;
using Billing.Service.Ledger;
using Billing.Service.Operators;
using Billing.Service.Queries;
using Billing.Service.Quota;
using Billing.Service.Quota.Caching;
using Billing.Service.Reservations;
using Billing.Service.Webhooks;
using Microsoft.Extensions.Options;

namespace Billing.Service.Hosting;

/// <summary>Puts the service together, in the order in which a usage flows through it.</summary>
public static class BillingHost
{
    const string DefaultUrl = "http://localhost:5080";

    /// <summary>How long a stop may take, to end what is in hand.</summary>
    public static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(30);

    public static WebApplication Build(string[] args)
    {
        var builder = Configured(args);
        if (string.IsNullOrEmpty(builder.Configuration["urls"])) builder.WebHost.UseUrls(DefaultUrl);
        var addresses = ServerAddresses.From(builder.Configuration);
        Production.RefuseWeakSecrets(builder.Configuration, addresses);

        builder.Logging.ClearProviders();
        builder.Services.AddSerilogFrom(builder.Configuration);
        builder.Services.Configure<HostOptions>(host =>
        {
            host.ShutdownTimeout = StopsWithin;
            // The web server does not wait for the database: it has to say that the service is alive and not ready.
            host.ServicesStartConcurrently = true;
        });
        builder.Services.Configure<BatchingOptions>(builder.Configuration.GetSection(BatchingOptions.Section));
        builder.Services.Configure<QuotaOptions>(builder.Configuration.GetSection(QuotaOptions.Section));
        builder.Services.Configure<QueryOptions>(builder.Configuration.GetSection(QueryOptions.Section));
        builder.Services.Configure<ReservationOptions>(builder.Configuration.GetSection(ReservationOptions.Section));
        builder.Services.Configure<AccessOptions>(builder.Configuration.GetSection(AccessOptions.Section));
        builder.Services.AddSingleton(addresses);

        builder.Services.AddObservability();
        builder.Services.AddLedger(addresses);
        builder.Services.AddSingleton<ChargingDelay>();
        builder.Services.AddSingleton<Deductions>();
        builder.Services.AddCache(addresses, builder.Configuration);
        builder.Services.AddSingleton<ReservationDesk>();
        builder.Services.AddSingleton<ReservationRows>();
        builder.Services.AddSingleton<ReservationSweep>();
        builder.Services.AddSingleton<QuotaChecks>();
        builder.Services.AddSingleton<AccountAnswers>();
        builder.Services.AddSingleton<Adjustments>();
        builder.Services.AddSingleton<UsageReversals>();
        builder.Services.AddSingleton<Overdrafts>();
        builder.Services.AddSingleton<RejectedUsageReader>();
        builder.Services.AddSingleton<RejectedUsageAnswers>();
        builder.Services.AddSingleton<OperatorActReader>();
        builder.Services.AddSingleton<OperatorActAnswers>();
        builder.Services.AddSingleton<RejectedRetries>();
        builder.Services.AddRecharging(addresses, builder.Configuration);
        builder.Services.AddQueries(addresses);
        builder.Services.AddAlerting(builder.Configuration);
        builder.Services.AddHttpApi();
        builder.Services.AddHealthChecks().AddCheck<LedgerHealthCheck>("database").AddCheck<SchemaHealthCheck>("schema").AddCheck<CacheHealthCheck>("cache");

        // Hosted services stop in the reverse of this order: the doors close before the batcher drains.
        builder.Services.AddSingleton<Preparation>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<Preparation>());
        builder.Services.AddHostedService(provider => provider.GetRequiredService<DatabaseContact>());
        builder.Services.AddHostedService(provider => provider.GetRequiredService<CommittedAccounts>());
        builder.Services.AddHostedService<WarmUp>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<ChargingBatcher>());
        builder.Services.AddHostedService<WebhookDispatcher>();
        builder.Services.AddBroker(addresses, builder.Configuration.GetSection(BrokerOptions.Section).Get<BrokerOptions>() ?? new BrokerOptions());

        builder.Services.AddJobs(addresses, builder.Configuration);

        var app = builder.Build();
        Production.TellOfWeakSecrets(addresses, app.Logger);
        app.MapHttpApi();
        var access = app.Services.GetRequiredService<IOptions<AccessOptions>>().Value;
        if (access.RequireKeys is not true) RefuseOpenAddresses(builder.Configuration);
        return app;
    }

    /// <summary>The configuration and clock that every verb of this program has in common.</summary>
    internal static WebApplicationBuilder Configured(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Services.Configure<BillingOptions>(builder.Configuration.GetSection(BillingOptions.Section));
        builder.Services.AddSingleton(TimeProvider.System);
        return builder;
    }

    /// <summary>
    /// Where a key is not needed from the first request on, only this machine may come in: whether there is a key the database knows, which
    /// may not be there yet.
    /// </summary>
    static void RefuseOpenAddresses(IConfiguration configuration)
    {
        // Kestrel's own endpoints go before the urls.
        var urls = (configuration["urls"] is { Length: > 0 } given ? given : DefaultUrl).Split(';', StringSplitOptions.RemoveEmptyEntries);
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).OfType<string>();
        foreach (var url in urls.Concat(endpoints))
        {
            var host = Microsoft.AspNetCore.Http.BindingAddress.Parse(url).Host;
            if (host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address))) continue;
            throw new InvalidOperationException($"{url} is open to other machines, which keys have to keep out: set Http__RequireKeys=true and make one with ./run.sh keys create, or use http://localhost:PORT.");
        }
    }
}
