namespace Billing.TestSupport.Messaging;

public sealed class StockCount
{
    public long Id { get; set; }
    public Guid Key { get; set; }
}
