using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Billing.Service.Charging;

/// <summary>
/// Two deliveries of one usage id have the same content when this hash is the same: the first 64 bits of SHA-256 over user,
/// service, quantity, cost or its absence, reservation or its absence, and the time in microseconds.
/// </summary>
public static class ContentHash
{
    const int FixedBytes = 80;
    const int StackBytesMax = 1024;
    const byte Absent = 0;
    const byte Present = 1;

    public static long Of(string userId, string service, long quantity, Money? cost, DateTimeOffset occurredAt, Guid? reservationId = null)
    {
        var bytesMax = FixedBytes + Encoding.UTF8.GetMaxByteCount(userId.Length) + Encoding.UTF8.GetMaxByteCount(service.Length);
        var content = bytesMax <= StackBytesMax ? stackalloc byte[StackBytesMax] : new byte[bytesMax];
        var length = 0;

        Text(content, ref length, userId);
        Text(content, ref length, service);
        Number(content, ref length, quantity);
        content[length++] = cost is null ? Absent : Present;
        Number(content, ref length, cost?.Nanos ?? 0);
        content[length++] = reservationId is null ? Absent : Present;
        if (reservationId is { } id)
        {
            id.TryWriteBytes(content[length..], bigEndian: true, out var written);
            length += written;
        }
        Number(content, ref length, occurredAt.UtcTicks / TimeSpan.TicksPerMicrosecond);

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content[..length], hash);
        return BinaryPrimitives.ReadInt64BigEndian(hash);
    }

    /// <summary>The same request for a reservation has the same hash, whenever it comes.</summary>
    public static long OfReservation(string userId, string service, long quantity, Money? cost, TimeSpan grantFor) =>
        Of(userId, service, quantity, cost, DateTimeOffset.UnixEpoch + grantFor);

    /// <summary>The hash of input that could not be read as a usage.</summary>
    public static long Of(ReadOnlySpan<byte> raw)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(raw, hash);
        return BinaryPrimitives.ReadInt64BigEndian(hash);
    }

    // The length goes first, so that no two lists of texts have the same bytes.
    static void Text(Span<byte> content, ref int length, string text)
    {
        var written = Encoding.UTF8.GetBytes(text, content[(length + sizeof(int))..]);
        BinaryPrimitives.WriteInt32BigEndian(content[length..], written);
        length += sizeof(int) + written;
    }

    static void Number(Span<byte> content, ref int length, long number)
    {
        BinaryPrimitives.WriteInt64BigEndian(content[length..], number);
        length += sizeof(long);
    }
}
