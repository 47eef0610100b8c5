using Billing.Service.Hosting;
using MassTransit;

namespace Billing.Service.Webhooks;

/// <summary>
/// Turns what the broker tells into deliveries, for each subscription that wants it. No inbox: the event's id is part of the delivery's
/// key, and an event that comes again finds its deliveries there.
/// </summary>
sealed class AlertConsumer(WantedEvents wanted, DeliveryStore deliveries, WebhookSignal signal)
    : IConsumer<BalanceLow>, IConsumer<FreeQuotaReached>, IConsumer<DebtIncurred>, IConsumer<RechargeNeedsReview>, IConsumer<DriftFound>, IConsumer<AuditFailed>
{
    public Task Consume(ConsumeContext<BalanceLow> context) => Post(context, EventTypes.BalanceLow, context.Message.UserId, context.Message.OccurredAt);

    public Task Consume(ConsumeContext<FreeQuotaReached> context) => Post(context, EventTypes.FreeQuotaReached, context.Message.UserId, context.Message.OccurredAt);

    public Task Consume(ConsumeContext<DebtIncurred> context) => Post(context, EventTypes.AccountInDebt, context.Message.UserId, context.Message.OccurredAt);

    public Task Consume(ConsumeContext<RechargeNeedsReview> context) => Post(context, EventTypes.RechargeNeedsReview, context.Message.UserId, context.Message.OccurredAt);

    public Task Consume(ConsumeContext<DriftFound> context) => Post(context, EventTypes.DriftFound, userId: null, context.Message.OccurredAt);

    public Task Consume(ConsumeContext<AuditFailed> context) => Post(context, EventTypes.AuditFailed, userId: null, context.Message.OccurredAt);

    async Task Post<T>(ConsumeContext<T> context, string type, string? userId, DateTimeOffset timestamp) where T : class
    {
        var told = WebhookEvent.Of(context.MessageId!.Value, type, userId, timestamp, context.Message);
        if (!await wanted.Has(told)) return;
        // Dying up to here leaves the message with the broker, or its row in the outbox.
        FailPoint.Reach(FailPoint.BeforeWebhookRows);
        var posted = await deliveries.Post(told, context.CancellationToken);
        // Dying from here on has the message delivered again: its deliveries are there already.
        FailPoint.Reach(FailPoint.AfterWebhookRows);
        if (posted > 0) signal.Give();
    }
}
