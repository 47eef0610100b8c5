using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Billing.Service.Charging;

/// <summary>
/// An id that follows from others, the same wherever and whenever it is derived: the first 128 bits of SHA-256 as a version 8 UUID
/// (RFC 9562, section 5.8), over the purpose and the parts in UTF-8, each behind its length in four bytes.
/// </summary>
public static class DerivedId
{
    const int UuidBytes = 16;

    public static Guid Of(string purpose, params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, purpose);
        foreach (var part in parts) Append(hash, part);

        var id = hash.GetHashAndReset().AsSpan(0, UuidBytes);
        id[6] = (byte)((id[6] & 0x0F) | 0x80);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true);
    }

    // The length goes first, so that no two lists of texts have the same bytes.
    static void Append(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
