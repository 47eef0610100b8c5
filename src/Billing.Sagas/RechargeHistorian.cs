using MassTransit;

namespace Billing.Sagas;

/// <summary>Writes down each message that touched a recharge, in the commit in which it did: what happened, when, and who decided.</summary>
sealed class RechargeHistorian(RechargeStateMachine machine) : IEventObserver<RechargeState>
{
    /// <summary>A timer raises two events for one message: this one whether or not it was still waited for.</summary>
    const string AnyTimer = ".AnyReceived";

    public async Task PostExecute(BehaviorContext<RechargeState> context)
    {
        if (context.Event.Name.EndsWith(AnyTimer, StringComparison.Ordinal)) return;
        var state = await machine.Accessor.Get(context);
        var (actor, reason) = context is BehaviorContext<RechargeState, ResolveRecharge> { Message: var decision } ? (decision.Actor, decision.Reason) : (null, null);
        context.Service<RechargesDb>().History.Add(new RechargeHistory
        {
            RechargeId = context.Saga.CorrelationId,
            At = context.Now(),
            MessageId = context.MessageId ?? Guid.Empty,
            Event = context.Event.Name,
            State = state.Name,
            Actor = actor,
            Reason = reason ?? context.Saga.Reason,
        });
    }

    public Task PostExecute<T>(BehaviorContext<RechargeState, T> context) where T : class => PostExecute((BehaviorContext<RechargeState>)context);

    public Task PreExecute(BehaviorContext<RechargeState> context) => Task.CompletedTask;

    public Task PreExecute<T>(BehaviorContext<RechargeState, T> context) where T : class => Task.CompletedTask;

    public Task ExecuteFault(BehaviorContext<RechargeState> context, Exception exception) => Task.CompletedTask;

    public Task ExecuteFault<T>(BehaviorContext<RechargeState, T> context, Exception exception) where T : class => Task.CompletedTask;
}
