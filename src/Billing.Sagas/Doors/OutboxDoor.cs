using MassTransit;

namespace Billing.Sagas.Doors;

/// <summary>
/// Lets messages in to the recharges from outside the broker: once this returns they are committed in the outbox. The broker may be away.
/// </summary>
public sealed class OutboxDoor
{
    readonly RechargesDb _db;
    readonly ISendEndpointProvider _endpoints;

    internal OutboxDoor(RechargesDb db, ISendEndpointProvider endpoints) => (_db, _endpoints) = (db, endpoints);

    public async Task LetIn<T>(T message, CancellationToken cancellationToken) where T : class
    {
        var endpoint = await _endpoints.GetSendEndpoint(new Uri($"exchange:{RechargeQueues.Recharges}"));
        await endpoint.Send(message, cancellationToken);
        await _db.SaveChangesAsync(cancellationToken);
    }
}
