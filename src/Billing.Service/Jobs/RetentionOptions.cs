namespace Billing.Service.Jobs;

/// <summary>How long what was charged is kept in full. Bound from the configuration section <c>Retention</c>.</summary>
public sealed class RetentionOptions
{
    public const string Section = "Retention";

    // The open month, everything that may still come late or once more, and what is usually reversed lie within these.
    const int MonthsMin = 3;
    const int MonthsMax = 1_200;

    /// <summary>Records are kept for the open month and so many before it, in the billing time zone. Absent: for ever.</summary>
    public int? RecordsKeepMonths { get; set; }

    /// <summary>When old records are retired, as a Quartz cron expression in the machine's time; empty for never by itself. Of several instances one does it.</summary>
    public string RetireAt { get; set; } = "0 50 4 * * ?";

    internal RetentionOptions Checked() => RecordsKeepMonths is < MonthsMin or > MonthsMax
        ? throw new InvalidOperationException($"Retention__RecordsKeepMonths is {RecordsKeepMonths}; set {MonthsMin} to {MonthsMax}, or nothing to keep all records.")
        : this;
}
