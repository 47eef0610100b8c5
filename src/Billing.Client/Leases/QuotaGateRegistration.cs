using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Billing.Client.Leases;

static class QuotaGateRegistration
{
    public static void AddQuotaGate(this IServiceCollection services)
    {
        services.AddOptions<QuotaGateOptions>().BindConfiguration(QuotaGateOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<QuotaGateOptions>, QuotaGateValidation>());
        services.AddMetrics();
        services.AddLogging();
        services.TryAddSingleton<OpenLeases>();
        services.TryAddSingleton<GateMetrics>();
        services.TryAddSingleton<LeaseReturns>();
        services.TryAddSingleton<LeaseDesk>();
        services.TryAddSingleton<QuotaGateService>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, QuotaGateService>(provider => provider.GetRequiredService<QuotaGateService>()));
        services.TryAddSingleton(provider => provider.GetRequiredService<QuotaGateService>().Open());
        services.TryAddSingleton<IQuotaGate>(provider => provider.GetRequiredService<QuotaGate>());
    }

    sealed class QuotaGateValidation : IValidateOptions<QuotaGateOptions>
    {
        public ValidateOptionsResult Validate(string? name, QuotaGateOptions options) =>
            options.Problem() is { } problem ? ValidateOptionsResult.Fail(problem) : ValidateOptionsResult.Success;
    }
}
