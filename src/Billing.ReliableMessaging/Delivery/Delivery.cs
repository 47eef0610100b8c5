namespace Billing.ReliableMessaging.Delivery;

/// <summary>What became of a row: confirmed, or failed and why.</summary>
sealed record Delivery(OutboxMessage Row, Exception? Error)
{
    public bool Confirmed => Error is null;
}
