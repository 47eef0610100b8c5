using MassTransit;

namespace Billing.Sagas;

/// <summary>What a recharge tells the payment service, the operators and whoever listens.</summary>
static class RechargeEvents
{
    public static CreatePayment CreatePayment(this SagaConsumeContext<RechargeState> context) => new()
    {
        RechargeId = context.Saga.CorrelationId,
        UserId = context.Saga.UserId,
        Amount = context.Saga.Amount,
        Currency = context.Saga.Currency,
        Channel = context.Saga.Channel,
        ExpiresAt = context.Saga.ExpiresAt,
    };

    public static QueryPayment QueryPayment(this SagaConsumeContext<RechargeState> context) => new()
    {
        RechargeId = context.Saga.CorrelationId,
        PaymentId = context.Saga.PaymentId,
    };

    public static RechargeCompleted RechargeCompleted(this SagaConsumeContext<RechargeState> context) => new()
    {
        RechargeId = context.Saga.CorrelationId,
        UserId = context.Saga.UserId,
        Amount = context.Saga.Credit,
        Currency = context.Saga.Currency,
        PaymentId = context.Saga.PaidPaymentId!,
        Late = context.Saga.Late,
        Balance = context.Saga.BalanceAfter,
        CompletedAt = context.Saga.CompletedAt!.Value,
    };

    public static RechargeFailed RechargeFailed(this SagaConsumeContext<RechargeState> context) => new()
    {
        RechargeId = context.Saga.CorrelationId,
        UserId = context.Saga.UserId,
        Reason = context.Saga.Reason,
        FailedAt = context.Now(),
    };

    public static RechargeExpired RechargeExpired(this SagaConsumeContext<RechargeState> context) => new()
    {
        RechargeId = context.Saga.CorrelationId,
        UserId = context.Saga.UserId,
        ExpiredAt = context.Now(),
    };

    public static RechargeRefunded RechargeRefunded(this BehaviorContext<RechargeState, CreditRefunded> context) => new()
    {
        RechargeId = context.Saga.CorrelationId,
        UserId = context.Saga.UserId,
        RefundId = context.Message.RefundId,
        Amount = context.Message.Amount,
        Currency = context.Message.Currency,
        Balance = context.Message.Balance,
        RefundedAt = context.Message.RefundedAt,
    };

    public static RechargeNeedsReview RechargeNeedsReview(this SagaConsumeContext<RechargeState> context) => new()
    {
        RechargeId = context.Saga.CorrelationId,
        UserId = context.Saga.UserId,
        Reason = context.Saga.Reason!,
        Ordered = context.Saga.Amount,
        Currency = context.Saga.Currency,
        Paid = context.Saga.PaidAmount,
        PaidCurrency = context.Saga.PaidCurrency,
        PaymentId = context.Saga.PaidPaymentId,
        OccurredAt = context.Now(),
    };
}
