using MassTransit;

namespace Billing.TestSupport.Messaging;

public sealed class OrderState : SagaStateMachineInstance, ISagaVersion
{
    public Guid CorrelationId { get; set; }
    public string CurrentState { get; set; } = "";
    public int Amount { get; set; }
    public int Touched { get; set; }
    public Guid? ExpiryToken { get; set; }
    public int Version { get; set; }
}
