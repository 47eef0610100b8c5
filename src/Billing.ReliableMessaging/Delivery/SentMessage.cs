namespace Billing.ReliableMessaging.Delivery;

/// <summary>A row that was given to the transport, or could not be given to it.</summary>
sealed record SentMessage(OutboxMessage Row, Task Confirmed)
{
    public async Task<Delivery> Outcome()
    {
        try
        {
            await Confirmed;
            return new Delivery(Row, null);
        }
        catch (Exception exception)
        {
            return new Delivery(Row, exception);
        }
    }
}
