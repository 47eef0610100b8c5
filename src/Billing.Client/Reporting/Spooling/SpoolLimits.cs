namespace Billing.Client.Reporting.Spooling;

/// <param name="BytesMax">All files together.</param>
/// <param name="SegmentMax">One file; what was confirmed is deleted file by file.</param>
/// <param name="ItemsMax">Usages in one message.</param>
/// <param name="Wait">How long the first usage waits for others before it is read.</param>
sealed record SpoolLimits(long BytesMax, long SegmentMax, int ItemsMax, TimeSpan Wait)
{
    const long SegmentDefault = 16L << 20;
    const int SegmentsLeast = 4;

    public static SpoolLimits Of(UsageReporterOptions options) => new(
        options.SpoolBytesMax, Math.Min(SegmentDefault, options.SpoolBytesMax / SegmentsLeast), options.BatchItemsMax,
        // Without the journal what comes has been gathered in memory.
        options.Durability == UsageDurability.Journal ? options.FlushInterval : TimeSpan.Zero);
}
