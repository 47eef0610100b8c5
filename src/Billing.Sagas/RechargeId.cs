using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Billing.Sagas;

/// <summary>Ids that follow from what they name, so that a repeat has the same one: UUIDs of version 8 (RFC 9562, 5.8) over SHA-256.</summary>
public static class RechargeId
{
    public static Guid Of(string userId, string idempotencyKey) => Derived("recharge", userId, idempotencyKey);

    /// <summary>The same notification again is the same row.</summary>
    internal static Guid OfUnmatched(Guid rechargeId, string? paymentId, string? refundId, string content) =>
        Derived("unmatched", rechargeId.ToString(), paymentId, refundId, content);

    /// <summary>A foreign message id may stand for more than one message: the payment's, for example.</summary>
    internal static Guid OfNotice(Guid messageId, string kind, string body) => Derived("notice", messageId.ToString(), kind, body);

    static Guid Derived(params string?[] parts)
    {
        // Each part with its length before it: "ab", "c" is not "a", "bc".
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part ?? "");
            BinaryPrimitives.WriteInt32BigEndian(length, part is null ? -1 : bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        var id = hash.GetHashAndReset().AsSpan(0, 16);
        id[6] = (byte)((id[6] & 0x0F) | 0x80);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true);
    }
}
