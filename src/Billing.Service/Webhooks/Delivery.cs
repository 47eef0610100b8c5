namespace Billing.Service.Webhooks;

/// <summary>One event on its way to one subscription.</summary>
/// <param name="Attempts">Counted before it is sent: an attempt that nobody lived to tell of is one, too.</param>
sealed record Delivery(long DeliveryId, Guid EventId, string Type, string Body, int Attempts)
{
    /// <summary>The receiver's <c>webhook-id</c>, the same at each attempt and for each subscription.</summary>
    public string Id => $"evt_{EventId:N}";
}

enum DeliveryState
{
    ToBeSent = 0,
    Delivered = 1,
    GivenUp = 2,
}
