using System.Data.Common;
using Billing.Service.Charging;
using Billing.Service.Ledger;

namespace Billing.Service.Webhooks;

/// <summary>The table of subscriptions, each act on one in the transaction that writes it into the log.</summary>
sealed class SubscriptionStore(IDatabase database)
{
    const string Columns = "s.webhook_id, s.url, s.event_types, s.user_id, s.secret, s.former_secret, s.former_secret_until, s.enabled, s.disabled_because, s.created_at";
    const string FindIt = $"select {Columns} from webhook_subscription s where s.webhook_id = $1";
    const string EnableIt = "update webhook_subscription set enabled = $2, disabled_because = $3 where webhook_id = $1";

    /// <summary>Impossible when there are so many already.</summary>
    public Task<Change> Add(Subscription subscription, int most, OperatorAct act, CancellationToken cancellationToken) => Write(async connection =>
    {
        if (!await OperatorActs.WriteOnce(database, connection, act, cancellationToken)) return Change.Repeated;
        var added = await database.Execute(connection,
            """
            insert into webhook_subscription (webhook_id, url, event_types, user_id, secret, enabled, created_at)
            select $1, $2, $3, $4, $5, $6, $7 where (select count(*) from webhook_subscription) < $8
            """,
            cancellationToken, subscription.WebhookId, subscription.Url, Joined(subscription.Events), subscription.UserId, subscription.Secret, subscription.Enabled, subscription.CreatedAt, most);
        return added == 1 ? Change.Done : Change.Impossible;
    }, cancellationToken);

    public Task<List<Subscription>> List(CancellationToken cancellationToken) =>
        Read($"select {Columns} from webhook_subscription s order by s.created_at, s.webhook_id", cancellationToken);

    public async Task<Subscription?> Find(Guid webhookId, CancellationToken cancellationToken) =>
        (await Read(FindIt, cancellationToken, webhookId)).SingleOrDefault();

    /// <summary>Those for which something is to be sent now.</summary>
    public Task<List<Subscription>> WithWork(DateTimeOffset now, CancellationToken cancellationToken) => Read(
        $"""
        select {Columns} from webhook_subscription s
        where s.enabled and exists (select 1 from webhook_delivery d where d.webhook_id = s.webhook_id and d.state = 0 and d.due_at <= $1)
        """, cancellationToken, now);

    /// <summary>Its deliveries go with it.</summary>
    public Task<Change> Delete(Guid webhookId, Func<Subscription, OperatorAct> act, CancellationToken cancellationToken) =>
        Act(webhookId, act, "delete from webhook_subscription where webhook_id = $1", cancellationToken);

    public Task<Change> Rotate(Guid webhookId, string secret, DateTimeOffset formerUntil, OperatorAct act, CancellationToken cancellationToken) => Act(webhookId, _ => act,
        "update webhook_subscription set former_secret = secret, former_secret_until = $3, secret = $2 where webhook_id = $1", cancellationToken, secret, formerUntil);

    public Task<Change> Enable(Guid webhookId, bool enabled, string? because, Func<Subscription, OperatorAct> act, CancellationToken cancellationToken) =>
        Act(webhookId, act, EnableIt, cancellationToken, enabled, because);

    /// <summary>Stops it where nobody wished so: that is no act.</summary>
    public Task Disable(Guid webhookId, string because, CancellationToken cancellationToken) => Write(async connection =>
    {
        await database.Execute(connection, EnableIt, cancellationToken, webhookId, false, because);
        return Change.Done;
    }, cancellationToken);

    /// <summary>As <c>event_types</c> keeps them: each between blanks, so that one is found by a pattern.</summary>
    public static string Joined(IEnumerable<string> events) => $" {string.Join(' ', events)} ";

    /// <param name="act">What the log is to say, by how the subscription stood before.</param>
    Task<Change> Act(Guid webhookId, Func<Subscription, OperatorAct> act, string sql, CancellationToken cancellationToken, params object?[] parameters) => Write(async connection =>
    {
        // Changes nothing, and has the row locked: what it was before is true when the act is written.
        if (await database.Execute(connection, "update webhook_subscription set enabled = enabled where webhook_id = $1", cancellationToken, webhookId) == 0) return Change.Impossible;
        var before = await database.Query(connection, FindIt, Row, cancellationToken, webhookId);
        if (!await OperatorActs.WriteOnce(database, connection, act(before[0]), cancellationToken)) return Change.Repeated;
        await database.Execute(connection, sql, cancellationToken, [webhookId, .. parameters]);
        return Change.Done;
    }, cancellationToken);

    async Task<Change> Write(Func<DbConnection, Task<Change>> change, CancellationToken cancellationToken)
    {
        using var turn = await database.WaitToWrite(cancellationToken);
        await using var connection = await database.Open(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var done = await change(connection);
        // An act that changed nothing leaves no row either.
        if (done == Change.Done) await transaction.CommitAsync(cancellationToken);
        return done;
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
