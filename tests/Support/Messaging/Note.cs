namespace Billing.TestSupport.Messaging;

/// <summary>The effect of a message.</summary>
public sealed class Note
{
    public long Id { get; set; }
    public Guid Key { get; set; }
    public string Text { get; set; } = "";
}
