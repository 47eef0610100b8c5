using System.Data.Common;
using Billing.Service.Ledger;
using Billing.Service.Operators;

namespace Billing.Service.Webhooks;

/// <summary>
/// The table of deliveries. Several instances share the work: one takes a delivery by moving its time ahead, past the longest that
/// sending it may take, so that it comes up again by itself when nobody lives to say what became of it.
/// </summary>
sealed class DeliveryStore(IDatabase database, TimeProvider time)
{
    const int DeletedAtOnceMax = 10_000;

    /// <summary>One delivery for each subscription that wants the event; how many were not there yet.</summary>
    public Task<int> Post(WebhookEvent told, CancellationToken cancellationToken) => Write(
        """
        insert into webhook_delivery (webhook_id, event_id, event_type, body, due_at, created_at)
        select webhook_id, $1, $2, $3, $4, $4 from webhook_subscription
        where enabled and event_types like $5 and (user_id is null or user_id = $6)
        on conflict (webhook_id, event_id) do nothing
        """,
        cancellationToken, told.EventId, told.Type, told.Body, time.GetUtcNow(), $"%{SubscriptionStore.Joined([told.Type])}%", told.UserId ?? "");

    /// <summary>One delivery for one subscription, whatever it wants.</summary>
    public Task<int> Post(WebhookEvent told, Guid webhookId, CancellationToken cancellationToken) => Write(
        "insert into webhook_delivery (webhook_id, event_id, event_type, body, due_at, created_at) values ($1, $2, $3, $4, $5, $5)",
        cancellationToken, webhookId, told.EventId, told.Type, told.Body, time.GetUtcNow());

    /// <summary>Takes up to so many that are due, those that have waited longest first. What another instance has in hand is passed over.</summary>
    public async Task<List<Delivery>> Take(Guid webhookId, int most, TimeSpan lease, CancellationToken cancellationToken)
    {
        using var turn = await database.WaitToWrite(cancellationToken);
        await using var connection = await database.Open(cancellationToken);
        var now = time.GetUtcNow();
        return await database.Query(connection,
            $"""
            with due as materialized (
                select delivery_id from webhook_delivery where webhook_id = $1 and state = 0 and due_at <= $2 order by due_at, delivery_id limit {most} {database.SkipLocked})
            update webhook_delivery set attempts = attempts + 1, due_at = $3 where delivery_id in (select delivery_id from due)
            returning delivery_id, event_id, event_type, body, attempts
            """,
            reader => new Delivery(reader.GetInt64(0), reader.GetGuid(1), reader.GetString(2), reader.GetString(3), reader.GetInt32(4)),
            cancellationToken, webhookId, now, now + lease);
    }

    public Task<int> Delivered(Delivery delivery, Answer answer, CancellationToken cancellationToken) => Write(
        "update webhook_delivery set state = 1, status = $2, error = null, ended_at = $3 where delivery_id = $1",
        cancellationToken, delivery.DeliveryId, answer.Status, time.GetUtcNow());

    // The number of the attempt is compared: who was so slow that another took the delivery meanwhile has no say in it any more.
    public Task<int> TryLater(Delivery delivery, Answer answer, TimeSpan pause, CancellationToken cancellationToken) => Write(
        "update webhook_delivery set due_at = $3, status = $4, error = $5 where delivery_id = $1 and attempts = $2 and state = 0",
        cancellationToken, delivery.DeliveryId, delivery.Attempts, time.GetUtcNow() + pause, answer.Status, answer.Error);

    public Task<int> GiveUp(Delivery delivery, Answer answer, CancellationToken cancellationToken) => Write(
        "update webhook_delivery set state = 2, status = $3, error = $4, ended_at = $5 where delivery_id = $1 and attempts = $2 and state = 0",
        cancellationToken, delivery.DeliveryId, delivery.Attempts, answer.Status, answer.Error, time.GetUtcNow());

    /// <summary>Sends it once more, with all its attempts before it, under the same id.</summary>
    public Task<int> Replay(Guid webhookId, long deliveryId, CancellationToken cancellationToken) => Write(
        "update webhook_delivery set state = 0, attempts = 0, due_at = $3, ended_at = null where webhook_id = $1 and delivery_id = $2",
        cancellationToken, webhookId, deliveryId, time.GetUtcNow());

    public async Task<List<DeliveryLine>> List(Guid webhookId, DeliveryState? state, long? before, int count, CancellationToken cancellationToken)
    {
        var conditions = new Conditions().Add("webhook_id = ?", webhookId).Add("state = ?", (int?)state).Add("delivery_id < ?", before);
        await using var connection = await database.Open(cancellationToken);
        return await database.Query(connection,
            "select delivery_id, event_id, event_type, body, attempts, state, status, error, due_at, created_at, ended_at "
            + $"from webhook_delivery where {conditions} order by delivery_id desc limit {count}", Line, cancellationToken, conditions.Parameters);
    }

    /// <summary>Deletes what ended before a time, or never will because its subscription is disabled; up to some at once.</summary>
    public Task<int> Forget(DateTimeOffset before, CancellationToken cancellationToken) => Write(
        $"""
        delete from webhook_delivery where delivery_id in (
            select d.delivery_id from webhook_delivery d join webhook_subscription s on s.webhook_id = d.webhook_id
            where (d.state <> 0 and d.ended_at < $1) or (d.state = 0 and not s.enabled and d.created_at < $1) limit {DeletedAtOnceMax})
        """, cancellationToken, before);

    async Task<int> Write(string sql, CancellationToken cancellationToken, params object?[] parameters)
    {
        using var turn = await database.WaitToWrite(cancellationToken);
        await using var connection = await database.Open(cancellationToken);
        return await database.Execute(connection, sql, cancellationToken, parameters);
    }

    DeliveryLine Line(DbDataReader reader)
    {
        var delivery = new Delivery(reader.GetInt64(0), reader.GetGuid(1), reader.GetString(2), reader.GetString(3), reader.GetInt32(4));
        var state = (DeliveryState)reader.GetInt32(5);
        return new DeliveryLine
        {
            DeliveryId = delivery.DeliveryId,
            EventId = delivery.Id,
            Type = delivery.Type,
            Body = delivery.Body,
            Attempts = delivery.Attempts,
            State = DeliveryLine.Name(state),
            Status = reader.IsDBNull(6) ? null : reader.GetInt32(6),
            Error = reader.IsDBNull(7) ? null : reader.GetString(7),
            DueAt = state == DeliveryState.ToBeSent ? database.ReadInstant(reader, 8) : null,
            CreatedAt = database.ReadInstant(reader, 9),
            EndedAt = reader.IsDBNull(10) ? null : database.ReadInstant(reader, 10),
        };
    }
}
