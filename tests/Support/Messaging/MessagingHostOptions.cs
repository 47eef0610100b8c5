using MassTransit;

namespace Billing.TestSupport.Messaging;

public sealed class MessagingHostOptions
{
    public Action<IEntityFrameworkOutboxConfigurator> Outbox { get; init; } = _ => { };

    public Action<IBusRegistrationConfigurator> Bus { get; init; } = _ => { };

    public ConcurrencyMode Concurrency { get; init; } = ConcurrencyMode.Pessimistic;

    public LogLines Log { get; init; } = new();
}
