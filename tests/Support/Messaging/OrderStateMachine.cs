using MassTransit;

namespace Billing.TestSupport.Messaging;

/// <summary>An order is finished when its stock is reserved, or when that takes too long. Negative amounts are never reserved.</summary>
public sealed class OrderStateMachine : MassTransitStateMachine<OrderState>
{
    public OrderStateMachine()
    {
        InstanceState(order => order.CurrentState);
        Event(() => Placed, e => e.CorrelateById(context => context.Message.OrderId));
        Event(() => Reserved, e => e.CorrelateById(context => context.Message.OrderId));
        Event(() => Touched, e =>
        {
            e.CorrelateById(context => context.Message.OrderId);
            e.OnMissingInstance(missing => missing.Discard());
        });
        Event(() => TouchedByAmount, e =>
        {
            e.CorrelateBy((order, context) => order.Amount == context.Message.Amount);
            e.OnMissingInstance(missing => missing.Discard());
        });
        Event(() => Imported, e =>
        {
            e.CorrelateById(context => context.Message.OrderId);
            e.InsertOnInitial = true;
            e.SetSagaFactory(context => new OrderState { CorrelationId = context.Message.OrderId });
        });
        Schedule(() => Expiry, order => order.ExpiryToken, schedule =>
        {
            // Nobody reserves for a negative amount. The others must not expire on a busy machine.
            schedule.DelayProvider = context => context.Saga.Amount < 0 ? TimeSpan.FromSeconds(1) : TimeSpan.FromMinutes(1);
            schedule.Received = e => e.CorrelateById(context => context.Message.OrderId);
        });

        Initially(
            When(Placed)
                .Then(context => context.Saga.Amount = context.Message.Amount)
                .Schedule(Expiry, context => new OrderExpired(context.Saga.CorrelationId))
                .Publish(context => new ReserveStock(context.Saga.CorrelationId))
                .TransitionTo(Reserving),
            When(Imported).TransitionTo(Finished));
        During(Reserving,
            When(Reserved).Unschedule(Expiry).Publish(context => new OrderFinished(context.Saga.CorrelationId, "reserved")).TransitionTo(Finished),
            When(Expiry!.Received).Publish(context => new OrderFinished(context.Saga.CorrelationId, "expired")).TransitionTo(Expired),
            Ignore(Placed));
        During([Finished, Expired], Ignore(Placed), Ignore(Reserved), Ignore(Imported), Ignore(Expiry.Received));
        DuringAny(
            When(Touched).Then(context => context.Saga.Touched++),
            When(TouchedByAmount).Then(context => context.Saga.Touched++));
    }

    public State Reserving { get; private set; } = null!;
    public State Finished { get; private set; } = null!;
    public State Expired { get; private set; } = null!;
    public Event<OrderPlaced> Placed { get; private set; } = null!;
    public Event<OrderImported> Imported { get; private set; } = null!;
    public Event<StockReserved> Reserved { get; private set; } = null!;
    public Event<TouchOrder> Touched { get; private set; } = null!;
    public Event<TouchOrdersOf> TouchedByAmount { get; private set; } = null!;
    public Schedule<OrderState, OrderExpired> Expiry { get; private set; } = null!;
}
