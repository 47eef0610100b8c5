namespace Billing.Sagas;

/// <summary>One message that touched a recharge. Only ever added to.</summary>
sealed class RechargeHistory
{
    public long HistoryId { get; set; }
    public Guid RechargeId { get; set; }
    public DateTimeOffset At { get; set; }
    public Guid MessageId { get; set; }
    public string Event { get; set; } = "";

    /// <summary>The state that it led to.</summary>
    public string State { get; set; } = "";

    /// <summary>The operator who decided.</summary>
    public string? Actor { get; set; }

    public string? Reason { get; set; }
}
