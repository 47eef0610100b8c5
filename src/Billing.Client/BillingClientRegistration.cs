using Billing.Client.AspNetCore;
using Billing.Client.Leases;
using Billing.Client.Reporting;
using Billing.Client.Requests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Billing.Client;

public static class BillingClientRegistration
{
    /// <summary>After it a new connection finds the service where its name leads now.</summary>
    static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Adds <see cref="IBillingClient"/>, <see cref="IUsageReporter"/> and <see cref="IQuotaGate"/>. Its settings are the section "Billing" of the configuration, then
    /// <paramref name="configure"/>. Wrong settings stop the program at its start, with what would be right.
    /// </summary>
    public static IServiceCollection AddBillingClient(this IServiceCollection services, Action<BillingClientOptions>? configure = null)
    {
        services.AddOptions<BillingClientOptions>()
            .BindConfiguration(BillingClientOptions.Section)
            .Configure(options => configure?.Invoke(options))
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<BillingClientOptions>, BillingClientValidation>());
        services.TryAddSingleton(TimeProvider.System);
        // A line in the log for each request would be a line for each call.
        services.AddHttpClient(BillingClientOptions.Section, (provider, client) => client.BaseAddress = AddressOf(provider))
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { PooledConnectionLifetime = ConnectionLifetime }).SetHandlerLifetime(Timeout.InfiniteTimeSpan).RemoveAllLoggers();
        services.TryAddSingleton<ServiceClock>();
        services.TryAddSingleton<ServiceClockSetter>();
        services.TryAddSingleton<RabbitMqRequests>();
        services.TryAddSingleton<HttpRequests>();
        services.TryAddSingleton<IRequestDoor>(provider => provider.GetRequiredService<IOptions<BillingClientOptions>>().Value.OverBroker
            ? provider.GetRequiredService<RabbitMqRequests>()
            : provider.GetRequiredService<HttpRequests>());
        services.TryAddSingleton<IBillingClient, Requests.BillingClient>();
        services.AddQuotaGate();
        services.TryAddSingleton<IUsageSink, ReporterSink>();
        services.AddUsageReporter();
        return services;
    }

    /// <summary>Paths are appended to it: without the slash its last part would be replaced.</summary>
    static Uri AddressOf(IServiceProvider provider)
    {
        var address = provider.GetRequiredService<IOptions<BillingClientOptions>>().Value.Address!;
        return address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");
    }

    sealed class BillingClientValidation : IValidateOptions<BillingClientOptions>
    {
        public ValidateOptionsResult Validate(string? name, BillingClientOptions options) =>
            options.Problem() is { } problem ? ValidateOptionsResult.Fail(problem) : ValidateOptionsResult.Success;
    }
}
