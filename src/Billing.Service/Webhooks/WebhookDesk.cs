using Billing.Service.Charging;
using Billing.Service.Ledger;
using Billing.Service.Operators;
using Billing.Service.Queries;
using Microsoft.Extensions.Options;

namespace Billing.Service.Webhooks;

/// <summary>Answers what is asked about subscriptions and their deliveries. A refusal stands in the place of an answer.</summary>
sealed class WebhookDesk(
    SubscriptionStore subscriptions, DeliveryStore deliveries, OperatorActReader acts, SecretSeal seal, WebhookSignal signal, ILedgerStore store, IOptions<WebhookOptions> options,
    TimeProvider time)
{
    static readonly Refusal NotFound = new(ErrorCodes.WebhookNotFound, "There is no such webhook.");

    /// <summary>The subscription with its secret, which is told this once.</summary>
    public Task<(WebhookStatus?, Refusal?)> Add(string? url, IReadOnlyList<string>? events, string? userId, Signed by, CancellationToken cancellationToken) => Asked<WebhookStatus>(async () =>
    {
        if (ReceiverUrl.Problem(url, options.Value.AllowPrivateNetworks) is { } wrongUrl) return (null, wrongUrl);
        if (events is not { Count: > 0 } || events.Except(EventTypes.All, StringComparer.Ordinal).Any())
            return (null, new(ErrorCodes.InvalidEvents, $"events is a list of one or more of {string.Join(", ", EventTypes.All)}."));
        if (userId is not null && !Name.IsValid(userId)) return (null, new(ErrorCodes.InvalidUserId, $"A user id is {Name.Rule}."));
        if (by.Problem() is { } unsigned) return (null, unsigned);

        // The id follows from the operation's, so that a repeat finds what the first one made.
        var (webhookId, secret, now) = (DerivedId.Of("webhook", by.OperationId.ToString()), WebhookSecret.New(), time.GetUtcNow());
        var subscription = new Subscription
        {
            WebhookId = webhookId,
            Url = url!,
            Events = [.. events.Distinct(StringComparer.Ordinal)],
            UserId = userId,
            Secret = seal.Close(secret, webhookId),
            Enabled = true,
            CreatedAt = now,
        };
        var act = WebhookActs.Creation(subscription, by, now);
        return await subscriptions.Add(subscription, options.Value.WebhooksMax, act, cancellationToken) switch
        {
            Change.Done => (WebhookStatus.Of(subscription) with { Secret = secret.Reveal(), Duplicate = false }, null),
            Change.Repeated => await Repeated(act, cancellationToken),
            _ => (null, new(ErrorCodes.TooMany, $"There are {options.Value.WebhooksMax} webhooks already; delete one first.")),
        };
    });

    public Task<(IReadOnlyList<WebhookStatus>?, Refusal?)> List(CancellationToken cancellationToken) => Asked<IReadOnlyList<WebhookStatus>>(async () =>
        ((await subscriptions.List(cancellationToken)).ConvertAll(WebhookStatus.Of), null));

    public Task<(WebhookStatus?, Refusal?)> Find(Guid webhookId, CancellationToken cancellationToken) => Asked<WebhookStatus>(async () =>
        await subscriptions.Find(webhookId, cancellationToken) is { } found ? (WebhookStatus.Of(found), null) : (null, NotFound));

    /// <summary>Once, so the act has the id of the subscription.</summary>
    public Task<(WebhookStatus?, Refusal?)> Delete(Guid webhookId, string? actor, string? reason, CancellationToken cancellationToken) => Asked<WebhookStatus>(async () =>
    {
        var by = new Signed(webhookId, actor, reason);
        if (by.Problem() is { } unsigned) return (null, unsigned);
        var done = await subscriptions.Delete(webhookId, before => WebhookActs.Deletion(before, by, time.GetUtcNow()), cancellationToken);
        return (null, done == Change.Done ? null : NotFound);
    });

    public Task<(WebhookStatus?, Refusal?)> Enable(Guid webhookId, bool enabled, Signed by, CancellationToken cancellationToken) => Asked<WebhookStatus>(async () =>
    {
        if (by.Problem() is { } unsigned) return (null, unsigned);
        OperatorAct? act = null;
        var done = await subscriptions.Enable(webhookId, enabled, enabled ? null : "an operator disabled it", before => act = WebhookActs.Switch(before, enabled, by, time.GetUtcNow()), cancellationToken);
        if (done == Change.Done && enabled) signal.Give();
        return await Answer(done, act, cancellationToken);
    });

    /// <summary>A new secret, told this once; the former signs beside it for a while. A repeat makes no further one: that would end the former's time.</summary>
    public Task<(WebhookStatus?, Refusal?)> Rotate(Guid webhookId, Signed by, CancellationToken cancellationToken) => Asked<WebhookStatus>(async () =>
    {
        if (by.Problem() is { } unsigned) return (null, unsigned);
        var (secret, now) = (WebhookSecret.New(), time.GetUtcNow());
        var formerUntil = now + options.Value.RotationOverlap;
        var act = WebhookActs.Rotation(webhookId, formerUntil, by, now);
        var done = await subscriptions.Rotate(webhookId, seal.Close(secret, webhookId), formerUntil, act, cancellationToken);
        var (status, refusal) = await Answer(done, act, cancellationToken);
        return (done == Change.Done && status is not null ? status with { Secret = secret.Reveal() } : status, refusal);
    });

    async Task<(WebhookStatus?, Refusal?)> Answer(Change done, OperatorAct? act, CancellationToken cancellationToken)
    {
        if (done == Change.Impossible) return (null, NotFound);
        if (done == Change.Repeated) return await Repeated(act!, cancellationToken);
        var (status, refusal) = await Find(Guid.Parse(act!.Subject!), cancellationToken);
        return (status is null ? null : status with { Duplicate = false }, refusal);
    }

    /// <summary>How the subscription stands now, if what was asked for is what had been done by that id.</summary>
    async Task<(WebhookStatus?, Refusal?)> Repeated(OperatorAct act, CancellationToken cancellationToken)
    {
        var known = await acts.Find(act.Kind, act.OperationId, cancellationToken);
        if (known!.Subject != act.Subject || (act.Kind == ActKinds.CreateWebhook && !known.Changes.SequenceEqual(act.Changes)))
            return (null, new(ErrorCodes.OperationIdReused, $"Operation {act.OperationId} has done something else, to webhook {known.Subject}."));
        var (status, refusal) = await Find(Guid.Parse(act.Subject!), cancellationToken);
        return (status is null ? null : status with { Duplicate = true }, refusal);
    }

    /// <summary>Sends an event that tells nothing; the answer is its id.</summary>
    public Task<(SentEvent?, Refusal?)> Test(Guid webhookId, CancellationToken cancellationToken) => Asked<SentEvent>(async () =>
    {
        if (await subscriptions.Find(webhookId, cancellationToken) is null) return (null, NotFound);
        var now = time.GetUtcNow();
        var test = WebhookEvent.Of(Guid.CreateVersion7(now), EventTypes.Test, userId: null, now, new { webhookId });
        await deliveries.Post(test, webhookId, cancellationToken);
        signal.Give();
        return (new SentEvent(new Delivery(0, test.EventId, test.Type, test.Body, 0).Id), null);
    });

    public Task<(DeliveryPage?, Refusal?)> ListDeliveries(Guid webhookId, string? state, long limit, string? cursor, CancellationToken cancellationToken) => Asked<DeliveryPage>(async () =>
    {
        DeliveryState? wanted = null;
        if (state is not null)
        {
            wanted = Enum.GetValues<DeliveryState>().Where(known => DeliveryLine.Name(known) == state).Cast<DeliveryState?>().FirstOrDefault();
            if (wanted is null) return (null, new(ErrorCodes.InvalidState, "state is pending, delivered or given_up."));
        }
        if (Paging.CheckLimit(limit) is { } wrongLimit) return (null, wrongLimit);
        var list = $"deliveries|{webhookId}|{state}";
        if (Paging.CheckCursor(cursor, list, out var before) is { } wrongCursor) return (null, wrongCursor);
        if (await subscriptions.Find(webhookId, cancellationToken) is null) return (null, NotFound);

        // One more than the page has: whether there is a next page.
        var lines = await deliveries.List(webhookId, wanted, before?.EntryNumber, (int)limit + 1, cancellationToken);
        var items = lines.Take((int)limit).ToList();
        return (new DeliveryPage(items, lines.Count > items.Count ? Cursor.Write(list, new Position(items[^1].CreatedAt, items[^1].DeliveryId)) : null), null);
    });

    public Task<(SentEvent?, Refusal?)> Replay(Guid webhookId, long deliveryId, CancellationToken cancellationToken) => Asked<SentEvent>(async () =>
    {
        if (await deliveries.Replay(webhookId, deliveryId, cancellationToken) == 0) return (null, new(ErrorCodes.DeliveryNotFound, "This webhook has no such delivery."));
        signal.Give();
        var line = (await deliveries.List(webhookId, state: null, deliveryId + 1, count: 1, cancellationToken)).FirstOrDefault();
        return line is null ? (null, NotFound) : (new SentEvent(line.EventId), null);
    });

    async Task<(T?, Refusal?)> Asked<T>(Func<Task<(T?, Refusal?)>> answer) where T : class
    {
        try
        {
            return await answer();
        }
        catch (Exception exception) when (store.Classify(exception) == FailureKind.Unavailable)
        {
            return (null, new(ErrorCodes.DatabaseUnavailable, Paging.Unavailable));
        }
    }
}

/// <summary>The id under which an event is on its way.</summary>
sealed record SentEvent(string EventId);

/// <summary>Newest first.</summary>
sealed record DeliveryPage(IReadOnlyList<DeliveryLine> Items, string? NextCursor);
