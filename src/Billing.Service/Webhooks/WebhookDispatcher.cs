using System.Collections.Concurrent;
using Billing.Service.Hosting;
using Microsoft.Extensions.Options;

namespace Billing.Service.Webhooks;

/// <summary>
/// Sends what is due. Each subscription has a few requests of its own, so that a slow receiver delays nobody else; charging knows
/// nothing of any of them.
/// </summary>
sealed class WebhookDispatcher(
    SubscriptionStore subscriptions, DeliveryStore deliveries, Receiver receiver, WebhookSignal signal, Preparation preparation, IOptions<WebhookOptions> options,
    TimeProvider time, ILogger<WebhookDispatcher> logger) : BackgroundService
{
    readonly ConcurrentDictionary<long, (Guid WebhookId, Task Sending)> _inHand = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!await preparation.Succeeded.WaitAsync(stoppingToken)) return;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await SendWhatIsDue(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning("Webhooks cannot be looked at; they wait in the database: {Error}", exception.Message);
                await Task.Delay(options.Value.LookEvery, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            await signal.Wait(options.Value.LookEvery, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        // None takes longer than its timeout, and what is sent is written down as sent.
        await Task.WhenAll(_inHand.Values.Select(delivery => delivery.Sending));
    }

    async Task SendWhatIsDue(CancellationToken stopping)
    {
        foreach (var subscription in await subscriptions.WithWork(time.GetUtcNow(), stopping))
        {
            var free = Math.Min(options.Value.AtOncePerWebhook - _inHand.Values.Count(delivery => delivery.WebhookId == subscription.WebhookId), options.Value.AtOnceMax - _inHand.Count);
            if (free <= 0) continue;
            foreach (var delivery in await deliveries.Take(subscription.WebhookId, free, options.Value.Lease, stopping)) Begin(subscription, delivery);
        }
    }

    void Begin(Subscription subscription, Delivery delivery)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _inHand[delivery.DeliveryId] = (subscription.WebhookId, SendOne(subscription, delivery, begun.Task));
        // Only now: a quick one must find itself there to take itself out.
        begun.SetResult();
    }

    async Task SendOne(Subscription subscription, Delivery delivery, Task begun)
    {
        await begun;
        try
        {
            // Dying from here on leaves a delivery that is taken; its lease ends, and it is sent again.
            FailPoint.Reach(FailPoint.BeforeWebhook);
            var answer = await receiver.Send(subscription, delivery);
            FailPoint.Reach(FailPoint.AfterWebhook);
            await Note(subscription, delivery, answer);
        }
        catch (Exception exception)
        {
            // As if it had died: the lease ends.
            logger.LogWarning("What became of delivery {DeliveryId} could not be noted; it is sent again: {Error}", delivery.DeliveryId, exception.Message);
        }
        finally
        {
            _inHand.TryRemove(delivery.DeliveryId, out _);
            // Its place is free.
            signal.Give();
        }
    }

    async Task Note(Subscription subscription, Delivery delivery, Answer answer)
    {
        if (answer.IsDelivered)
        {
            await deliveries.Delivered(delivery, answer, CancellationToken.None);
            return;
        }
        if (!answer.IsGone && RetryLadder.After(delivery.Attempts, Random.Shared) is { } pause)
        {
            await deliveries.TryLater(delivery, answer, pause, CancellationToken.None);
            return;
        }

        if (answer.IsGone) await subscriptions.Disable(subscription.WebhookId, "the receiver answered 410 Gone", CancellationToken.None);
        await deliveries.GiveUp(delivery, answer, CancellationToken.None);
        logger.LogWarning("Delivery {DeliveryId} of {EventType} to webhook {WebhookId} is given up after {Attempts} attempts: {Error}",
            delivery.DeliveryId, delivery.Type, subscription.WebhookId, delivery.Attempts, answer.Error);
    }
}
