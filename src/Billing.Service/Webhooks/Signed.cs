using Billing.Service.Charging;
using Billing.Service.Operators;

namespace Billing.Service.Webhooks;

/// <summary>Under which id somebody does something to a subscription, who, and why.</summary>
sealed record Signed(Guid OperationId, string? Actor, string? Reason)
{
    public Refusal? Problem() => OperationId == Guid.Empty ? new(ErrorCodes.InvalidOperationId, "operationId is a UUID, not all zero.") : Signature.Problem(Actor, Reason);
}
