using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Billing.Service.Queries;

/// <summary>
/// Where a page ended, as text that only this service reads. It is bound to its list - whose, of what, with which filters - by a
/// hash, so that a cursor of another list or a changed one is noticed. The hash is no secret and guards none: whatever a cursor
/// says, a list holds nothing but the records of the user who was asked for.
/// </summary>
static class Cursor
{
    const int PositionBytes = 2 * sizeof(long);
    const int HashBytes = 8;

    public static string Write(string list, Position position)
    {
        Span<byte> bytes = stackalloc byte[PositionBytes + HashBytes];
        BinaryPrimitives.WriteInt64BigEndian(bytes, position.OccurredAt.UtcTicks);
        BinaryPrimitives.WriteInt64BigEndian(bytes[sizeof(long)..], position.EntryNumber);
        Hash(list, bytes[..PositionBytes]).CopyTo(bytes[PositionBytes..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>False when the cursor is none of this list.</summary>
    public static bool TryRead(string cursor, string list, out Position position)
    {
        position = default;
        Span<byte> bytes = stackalloc byte[PositionBytes + HashBytes];
        if (Base64Url.DecodeFromChars(cursor, bytes, out _, out var length) != OperationStatus.Done || length != bytes.Length) return false;

        var ticks = BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (ticks < DateTimeOffset.MinValue.Ticks || ticks > DateTimeOffset.MaxValue.Ticks) return false;
        position = new Position(new DateTimeOffset(ticks, TimeSpan.Zero), BinaryPrimitives.ReadInt64BigEndian(bytes[sizeof(long)..]));
        return cursor == Write(list, position);
    }

    static ReadOnlySpan<byte> Hash(string list, ReadOnlySpan<byte> position) => SHA256.HashData([.. Encoding.UTF8.GetBytes(list), .. position]).AsSpan(0, HashBytes);
}
