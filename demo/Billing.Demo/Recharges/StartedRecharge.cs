using Billing.Contracts;

namespace Billing.Demo.Recharges;

/// <summary>A recharge that the service has answered.</summary>
sealed record StartedRecharge(Guid RechargeId, StartRecharge Order);
