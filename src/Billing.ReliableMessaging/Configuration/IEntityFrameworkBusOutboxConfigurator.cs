namespace MassTransit;

/// <summary>Settings of the bus outbox.</summary>
public interface IEntityFrameworkBusOutboxConfigurator : IBusOutboxConfigurator
{
    TimeSpan MessageDeliveryTimeout { set; }
}
