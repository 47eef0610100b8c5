using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Billing.Demo.Replay;

/// <summary>
/// What a recording is known by: its content, whatever its name. The usage of a line has a version 8 UUID (RFC 9562, section 5.8) that
/// begins with 74 bits of the file's SHA-256 and ends with the number of the line: the same in every replay, and readable by eye.
/// It carries no time: the time of a usage follows from the replay, and the id must not.
/// </summary>
sealed class TraceId
{
    const ulong LineBits = 0xFFFF_FFFF_FFFF;
    const int UuidBytes = 16, LineFrom = 10, VersionAt = 6, VariantAt = 8;

    readonly byte[] _hash;

    TraceId(byte[] hash) => _hash = hash;

    public string Hash => Convert.ToHexStringLower(_hash);

    public static TraceId Of(string path)
    {
        using var stream = File.OpenRead(path);
        return new TraceId(SHA256.HashData(stream));
    }

    public Guid UsageIdOf(long line)
    {
        Span<byte> id = stackalloc byte[UuidBytes];
        _hash.AsSpan(0, LineFrom).CopyTo(id);
        id[VersionAt] = (byte)(id[VersionAt] & 0x0F | 0x80);
        id[VariantAt] = (byte)(id[VariantAt] & 0x3F | 0x80);
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(number, line);
        number[(LineFrom + sizeof(long) - UuidBytes)..].CopyTo(id[LineFrom..]);
        return new Guid(id, bigEndian: true);
    }

    /// <summary>The line whose usage has this id; null for an id of something else.</summary>
    public long? LineOf(Guid usageId)
    {
        Span<byte> id = stackalloc byte[UuidBytes];
        usageId.TryWriteBytes(id, bigEndian: true, out _);
        var line = (long)(BinaryPrimitives.ReadUInt64BigEndian(id[(UuidBytes - sizeof(long))..]) & LineBits);
        return UsageIdOf(line) == usageId ? line : null;
    }
}
