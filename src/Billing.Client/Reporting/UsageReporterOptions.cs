namespace Billing.Client;

/// <summary>How usage is reported; the section "Billing:Reporter" of the configuration.</summary>
public sealed class UsageReporterOptions
{
    public const string Section = "Billing:Reporter";

    const int BatchItemsTop = 1_000;
    const int BufferTop = 10_000_000;
    const long SpoolBytesLeast = 1 << 20;

    /// <summary>
    /// A folder of this process alone, which outlives it: usage waits there until it is confirmed. Several gateways on a host have
    /// one each. Without a folder no usage can be reported.
    /// </summary>
    public string? Directory { get; set; }

    public UsageDurability Durability { get; set; } = UsageDurability.Buffer;

    /// <summary>Usages in one message: 1 to 1,000.</summary>
    public int BatchItemsMax { get; set; } = 500;

    /// <summary>How long a usage waits for others to share a message with: 1 ms to 10 s.</summary>
    public TimeSpan FlushInterval { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Usages in memory, at least one message's worth; past it reports are refused. The journal keeps none in memory.</summary>
    public int BufferMax { get; set; } = 65_536;

    /// <summary>Bytes on disk, 1 MiB or more; past it reports are refused. A usage takes 200 to 300.</summary>
    public long SpoolBytesMax { get; set; } = 1L << 30;

    /// <summary>Messages on their way at once: 1 to 64.</summary>
    public int InFlightMax { get; set; } = 8;

    /// <summary>
    /// How often what was written is forced to the disk, 1 ms or more. Absent: the kernel does so in its own time, and a failure of
    /// power may lose what was reported in the last half minute and is not confirmed. A killed process loses nothing of it.
    /// </summary>
    public TimeSpan? SyncInterval { get; set; }

    /// <summary>What is wrong with them and what would be right; nothing when they are well.</summary>
    internal string? Problem() => this switch
    {
        _ when !Enum.IsDefined(Durability) => $"{Section}:Durability is Buffer or Journal.",
        { BatchItemsMax: < 1 or > BatchItemsTop } => $"{Section}:BatchItemsMax is from 1 to {BatchItemsTop}.",
        _ when FlushInterval < TimeSpan.FromMilliseconds(1) || FlushInterval > TimeSpan.FromSeconds(10) => $"{Section}:FlushInterval is from 00:00:00.001 to 00:00:10.",
        _ when BufferMax < BatchItemsMax || BufferMax > BufferTop => $"{Section}:BufferMax is from BatchItemsMax to {BufferTop}.",
        { SpoolBytesMax: < SpoolBytesLeast } => $"{Section}:SpoolBytesMax is {SpoolBytesLeast} or more.",
        { InFlightMax: < 1 or > 64 } => $"{Section}:InFlightMax is from 1 to 64.",
        _ when SyncInterval < TimeSpan.FromMilliseconds(1) => $"{Section}:SyncInterval is 00:00:00.001 or more, or absent.",
        _ => null,
    };
}
