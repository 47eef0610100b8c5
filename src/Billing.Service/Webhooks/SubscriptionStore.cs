using System.Data.Common;
using Billing.Service.Ledger;

namespace Billing.Service.Webhooks;

/// <summary>The table of subscriptions.</summary>
sealed class SubscriptionStore(IDatabase database)
{
    const string Columns = "s.webhook_id, s.url, s.event_types, s.user_id, s.secret, s.former_secret, s.former_secret_until, s.enabled, s.disabled_because, s.created_at";

    /// <summary>False when there are so many already.</summary>
    public Task<bool> Add(Subscription subscription, int most, CancellationToken cancellationToken) => Write(
        """
        insert into webhook_subscription (webhook_id, url, event_types, user_id, secret, enabled, created_at)
        select $1, $2, $3, $4, $5, $6, $7 where (select count(*) from webhook_subscription) < $8
        """,
        cancellationToken, subscription.WebhookId, subscription.Url, Joined(subscription.Events), subscription.UserId, subscription.Secret, subscription.Enabled, subscription.CreatedAt, most);

    public Task<List<Subscription>> List(CancellationToken cancellationToken) =>
        Read($"select {Columns} from webhook_subscription s order by s.created_at, s.webhook_id", cancellationToken);

    public async Task<Subscription?> Find(Guid webhookId, CancellationToken cancellationToken) =>
        (await Read($"select {Columns} from webhook_subscription s where s.webhook_id = $1", cancellationToken, webhookId)).SingleOrDefault();

    /// <summary>Those for which something is to be sent now.</summary>
    public Task<List<Subscription>> WithWork(DateTimeOffset now, CancellationToken cancellationToken) => Read(
        $"""
        select {Columns} from webhook_subscription s
        where s.enabled and exists (select 1 from webhook_delivery d where d.webhook_id = s.webhook_id and d.state = 0 and d.due_at <= $1)
        """, cancellationToken, now);

    /// <summary>Its deliveries go with it.</summary>
    public Task<bool> Delete(Guid webhookId, CancellationToken cancellationToken) =>
        Write("delete from webhook_subscription where webhook_id = $1", cancellationToken, webhookId);

    public Task<bool> Rotate(Guid webhookId, string secret, DateTimeOffset formerUntil, CancellationToken cancellationToken) => Write(
        "update webhook_subscription set former_secret = secret, former_secret_until = $3, secret = $2 where webhook_id = $1", cancellationToken, webhookId, secret, formerUntil);

    public Task<bool> Enable(Guid webhookId, bool enabled, string? because, CancellationToken cancellationToken) => Write(
        "update webhook_subscription set enabled = $2, disabled_because = $3 where webhook_id = $1", cancellationToken, webhookId, enabled, because);

    /// <summary>As <c>event_types</c> keeps them: each between blanks, so that one is found by a pattern.</summary>
    public static string Joined(IEnumerable<string> events) => $" {string.Join(' ', events)} ";

    async Task<bool> Write(string sql, CancellationToken cancellationToken, params object?[] parameters)
    {
        using var turn = await database.WaitToWrite(cancellationToken);
        await using var connection = await database.Open(cancellationToken);
        return await database.Execute(connection, sql, cancellationToken, parameters) == 1;
    }

    async Task<List<Subscription>> Read(string sql, CancellationToken cancellationToken, params object?[] parameters)
    {
        await using var connection = await database.Open(cancellationToken);
        return await database.Query(connection, sql, Row, cancellationToken, parameters);
    }

    Subscription Row(DbDataReader reader) => new()
    {
        WebhookId = reader.GetGuid(0),
        Url = reader.GetString(1),
        Events = reader.GetString(2).Split(' ', StringSplitOptions.RemoveEmptyEntries),
        UserId = Text(reader, 3),
        Secret = reader.GetString(4),
        FormerSecret = Text(reader, 5),
        FormerSecretUntil = reader.IsDBNull(6) ? null : database.ReadInstant(reader, 6),
        Enabled = reader.GetBoolean(7),
        DisabledBecause = Text(reader, 8),
        CreatedAt = database.ReadInstant(reader, 9),
    };

    static string? Text(DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
