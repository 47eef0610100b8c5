using System.Buffers.Binary;

namespace Billing.Service.Charging;

/// <summary>
/// What a usage id says about time. A version 7 UUID begins with its Unix time in milliseconds (RFC 9562, section 5.7): its
/// record lies in the partition of that day, so one unique key finds it again whatever else a redelivery says.
/// Any other UUID carries no time: its record lies in the day of its charge, which <c>usage_identity</c> remembers.
/// </summary>
public static class UsageIdentity
{
    const int Version7 = 7;

    public static bool CarriesTime(Guid usageId) => usageId.Version == Version7 && (usageId.Variant & 0xC) == 0x8;

    public static DateTimeOffset TimeOf(Guid usageId)
    {
        Span<byte> bytes = stackalloc byte[16];
        usageId.TryWriteBytes(bytes, bigEndian: true, out _);
        var milliseconds = (long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16);
        return milliseconds <= MillisecondsMax ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : DateTimeOffset.MaxValue;
    }

    /// <summary>The partition day of an id that carries its time.</summary>
    public static DateOnly DayOf(Guid usageId) => DateOnly.FromDateTime(TimeOf(usageId).UtcDateTime);

    static readonly long MillisecondsMax = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
}
