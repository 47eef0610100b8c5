using System.Buffers.Binary;
using System.Numerics;

namespace Billing.Client.Reporting.Spooling;

/// <summary>
/// Some usages in a file: the length of what follows the header, a CRC-32C over all the rest, the number of usages, the milliseconds
/// of Unix time at which they were written, and the usages as JSON with commas between them. Numbers are little-endian.
/// </summary>
readonly ref struct SpoolRecord
{
    public const int HeaderLength = 20;

    /// <summary>A thousand usages of the longest kind stay well below it.</summary>
    public const int ItemsLengthMax = 4 << 20;

    const int LengthAt = 0;
    const int CrcAt = 4;
    const int CountAt = 8;
    const int WrittenAtAt = 12;
    const int CountTop = 1_000;

    public required int Count { get; init; }
    public required long WrittenAtMs { get; init; }
    public required ReadOnlySpan<byte> Items { get; init; }

    public int Length => HeaderLength + Items.Length;

    /// <summary>Into a place of the record's length.</summary>
    public void Write(Span<byte> into)
    {
        BinaryPrimitives.WriteInt32LittleEndian(into[LengthAt..], Items.Length);
        BinaryPrimitives.WriteInt32LittleEndian(into[CountAt..], Count);
        BinaryPrimitives.WriteInt64LittleEndian(into[WrittenAtAt..], WrittenAtMs);
        Items.CopyTo(into[HeaderLength..]);
        BinaryPrimitives.WriteUInt32LittleEndian(into[CrcAt..], CrcOf(into[..Length]));
    }

    /// <summary>How long the record at the beginning says it is; nothing when that is no length that was ever written.</summary>
    public static int? LengthOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderLength) return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[LengthAt..]);
        var count = BinaryPrimitives.ReadInt32LittleEndian(bytes[CountAt..]);
        return length is >= 1 and <= ItemsLengthMax && count is >= 1 and <= CountTop ? HeaderLength + length : null;
    }

    /// <summary>The record at the beginning, if it is all there and as it was written.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out SpoolRecord record)
    {
        record = default;
        if (LengthOf(bytes) is not { } length || bytes.Length < length) return false;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[CrcAt..]) != CrcOf(bytes[..length])) return false;
        record = new SpoolRecord
        {
            Count = BinaryPrimitives.ReadInt32LittleEndian(bytes[CountAt..]),
            WrittenAtMs = BinaryPrimitives.ReadInt64LittleEndian(bytes[WrittenAtAt..]),
            Items = bytes[HeaderLength..length],
        };
        return true;
    }

    static uint CrcOf(ReadOnlySpan<byte> record)
    {
        var crc = BitOperations.Crc32C(uint.MaxValue, BinaryPrimitives.ReadUInt32LittleEndian(record[LengthAt..]));
        var rest = record[CountAt..];
        for (; rest.Length >= sizeof(ulong); rest = rest[sizeof(ulong)..]) crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(rest));
        foreach (var last in rest) crc = BitOperations.Crc32C(crc, last);
        return ~crc;
    }
}
