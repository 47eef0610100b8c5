using System.Buffers;

namespace Billing.Client.Reporting.Spooling;

/// <summary>Reads the next message's worth of usages from a segment, and finds its way around what is damaged.</summary>
sealed class SegmentReader(int itemsMax, TimeProvider time)
{
    const int ChunkLength = 256 << 10;
    const int BodyLengthMax = 1 << 20;

    /// <summary>Nothing when no whole record is left; then the segment is read to its end.</summary>
    /// <param name="segment">The segment, read by one reader alone.</param>
    /// <param name="end">Up to where it was written when the reader came.</param>
    public UsageBody? Next(Segment segment, long end)
    {
        var body = new UsageBody { MessageId = UsageIds.Next(time.GetUtcNow()), Segment = segment };
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkLength);
        try
        {
            while (segment.Read < end && !IsFull(body))
            {
                var read = segment.ReadAt(segment.Read, end, chunk);
                var taken = TakeRecords(chunk.AsSpan(0, read), body);
                segment.Read += taken;
                if (taken > 0) continue;
                if (body.Count > 0) break;
                if (SpoolRecord.LengthOf(chunk.AsSpan(0, read)) is { } length && length > chunk.Length && length <= end - segment.Read) chunk = Larger(chunk, length);
                else Skip(segment, end);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }

        if (body.Count == 0)
        {
            body.Dispose();
            return null;
        }
        body.End();
        return body;
    }

    /// <returns>The length of the records that went into the body.</returns>
    int TakeRecords(ReadOnlySpan<byte> bytes, UsageBody body)
    {
        var taken = 0;
        while (SpoolRecord.TryRead(bytes[taken..], out var record))
        {
            if (body.Count > 0 && (body.Count + record.Count > itemsMax || body.Length + record.Items.Length > BodyLengthMax)) break;
            body.Add(record.Items, record.Count, record.WrittenAtMs);
            taken += record.Length;
        }
        return taken;
    }

    bool IsFull(UsageBody body) => body.Count >= itemsMax || body.Length >= BodyLengthMax;

    static byte[] Larger(byte[] chunk, int length)
    {
        ArrayPool<byte>.Shared.Return(chunk);
        return ArrayPool<byte>.Shared.Rent(length);
    }

    /// <summary>
    /// What stands here is no record. If a whole one comes later, the middle is damaged; if none does, the writer died here and this is
    /// its torn end, which was never said to be taken.
    /// </summary>
    static void Skip(Segment segment, long end)
    {
        var rest = new byte[end - segment.Read];
        var read = segment.ReadAt(segment.Read, end, rest);
        for (var at = 1; at + SpoolRecord.HeaderLength < read; at++)
        {
            if (!SpoolRecord.TryRead(rest.AsSpan(at, read - at), out _)) continue;
            segment.DamagedBytes += at;
            segment.Read += at;
            return;
        }
        segment.TornBytes += end - segment.Read;
        segment.Read = end;
    }
}
