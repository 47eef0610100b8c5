namespace Billing.Service.Quota;

/// <summary>Bound from the configuration section <c>Quota</c>.</summary>
public sealed class QuotaOptions
{
    public const string Section = "Quota";

    /// <summary>When charging takes longer than this, a check no longer knows what has been used.</summary>
    public TimeSpan ChargingDelayMax { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>What a check then says of calls that the known funds would cover.</summary>
    public bool AllowWhenChargingIsDelayed { get; set; }
}
