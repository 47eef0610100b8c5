using MassTransit;

namespace Billing.TestSupport.Messaging;

/// <summary>Each host has a bus of its own, and nothing of it survives the host.</summary>
public sealed class InMemoryTransport : MessagingTransport
{
    public override void Use(IBusRegistrationConfigurator bus) => bus.UsingInMemory((context, inMemory) =>
    {
        Configure(inMemory, context);
        inMemory.ConfigureEndpoints(context);
    });

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
