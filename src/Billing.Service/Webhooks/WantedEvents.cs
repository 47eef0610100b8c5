namespace Billing.Service.Webhooks;

/// <summary>
/// Whether anybody wants an event, from a list of subscriptions that was read after the event came: one that was made before it is in
/// there. However many events wait, one read at a time answers all who came before it began.
/// </summary>
sealed class WantedEvents(SubscriptionStore subscriptions)
{
    readonly Lock _lock = new();
    Task _reading = Task.CompletedTask;
    Task<List<Subscription>>? _next;

    public async Task<bool> Has(WebhookEvent told) =>
        (await ReadFromNowOn()).Any(subscription => subscription.Enabled && subscription.Events.Contains(told.Type) && (subscription.UserId is null || subscription.UserId == told.UserId));

    Task<List<Subscription>> ReadFromNowOn()
    {
        lock (_lock) return _next ??= ReadAfter(_reading);
    }

    async Task<List<Subscription>> ReadAfter(Task reading)
    {
        await Task.Yield();
        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_lock) (_reading, _next) = (_next!, null);
        return await subscriptions.List(CancellationToken.None);
    }
}
