using Billing.Service.Alerts;
using Billing.Service.Webhooks;

namespace Billing.Service.Hosting;

/// <summary>Alerts to people, and the webhooks that carry them.</summary>
static class Alerting
{
    public static void AddAlerting(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<AlertOptions>(configuration.GetSection(AlertOptions.Section));
        services.AddSingleton<BalanceAlerts>();
        services.AddSingleton<OperatorAlerts>();
        services.AddSingleton<DriftAlerts>();
        services.AddSingleton<JobTurns>();

        services.Configure<WebhookOptions>(configuration.GetSection(WebhookOptions.Section));
        services.AddSingleton<SecretSeal>();
        services.AddSingleton<Receiver>();
        services.AddSingleton<WebhookSignal>();
        services.AddSingleton<WantedEvents>();
        services.AddSingleton<SubscriptionStore>();
        services.AddSingleton<DeliveryStore>();
        services.AddSingleton<WebhookDesk>();
    }
}
