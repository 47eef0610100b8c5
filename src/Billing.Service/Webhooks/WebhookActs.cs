using Billing.Service.Charging;

namespace Billing.Service.Webhooks;

/// <summary>The rows of the log of acts for subscriptions. They have no secret, neither as it is nor sealed.</summary>
static class WebhookActs
{
    public static OperatorAct Creation(Subscription after, Signed by, DateTimeOffset now) =>
        Act(ActKinds.CreateWebhook, after.WebhookId, by, now, Told(after, (name, value) => new() { Name = name, After = value }));

    public static OperatorAct Deletion(Subscription before, Signed by, DateTimeOffset now) =>
        Act(ActKinds.DeleteWebhook, before.WebhookId, by, now, Told(before, (name, value) => new() { Name = name, Before = value }));

    public static OperatorAct Switch(Subscription before, bool enabled, Signed by, DateTimeOffset now) =>
        Act(enabled ? ActKinds.EnableWebhook : ActKinds.DisableWebhook, before.WebhookId, by, now, [new() { Name = "enabled", Before = Word(before.Enabled), After = Word(enabled) }]);

    public static OperatorAct Rotation(Guid webhookId, DateTimeOffset formerUntil, Signed by, DateTimeOffset now) =>
        Act(ActKinds.RotateWebhook, webhookId, by, now, [new() { Name = "formerSecretUntil", After = $"{formerUntil:O}" }]);

    static OperatorAct Act(string kind, Guid webhookId, Signed by, DateTimeOffset now, IReadOnlyList<OperatorActChange> changes) => new()
    {
        Kind = kind,
        OperationId = by.OperationId,
        Subject = webhookId.ToString(),
        Actor = by.Actor!,
        Reason = by.Reason!,
        Changes = changes,
        ActedAt = now,
    };

    static OperatorActChange[] Told(Subscription subscription, Func<string, string, OperatorActChange> change) =>
    [
        change("url", subscription.Url),
        change("events", string.Join(' ', subscription.Events)),
        .. subscription.UserId is { } userId ? [change("userId", userId)] : Array.Empty<OperatorActChange>(),
    ];

    static string Word(bool enabled) => enabled ? "true" : "false";
}
