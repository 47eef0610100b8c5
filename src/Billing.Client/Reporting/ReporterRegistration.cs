using Billing.Client.Reporting.Doors;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Billing.Client.Reporting;

static class ReporterRegistration
{
    public static IServiceCollection AddUsageReporter(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddOptions<UsageReporterOptions>().BindConfiguration(UsageReporterOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<UsageReporterOptions>, ReporterValidation>());
        services.TryAddSingleton<ReporterMetrics>();
        services.TryAddSingleton<RabbitMqUsageDoor>();
        services.TryAddSingleton<HttpUsageDoor>();
        services.TryAddSingleton<IUsageDoor>(provider => provider.GetRequiredService<IOptions<BillingClientOptions>>().Value.OverBroker
            ? provider.GetRequiredService<RabbitMqUsageDoor>()
            : provider.GetRequiredService<HttpUsageDoor>());
        services.TryAddSingleton<UsageReporter>();
        services.TryAddSingleton<IUsageReporter>(provider => provider.GetRequiredService<IOptions<UsageReporterOptions>>().Value.Directory is not null
            ? provider.GetRequiredService<UsageReporter>()
            : throw new InvalidOperationException($"Set {UsageReporterOptions.Section}:Directory (environment: Billing__Reporter__Directory) to a folder of this process alone, which outlives it."));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, UsageReporterService>());
        return services;
    }

    sealed class ReporterValidation : IValidateOptions<UsageReporterOptions>
    {
        public ValidateOptionsResult Validate(string? name, UsageReporterOptions options) =>
            options.Problem() is { } problem ? ValidateOptionsResult.Fail(problem) : ValidateOptionsResult.Success;
    }
}
