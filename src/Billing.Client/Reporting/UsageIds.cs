using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Billing.Client.Reporting;

/// <summary>
/// Version 7 UUIDs (RFC 9562). The framework's own asks the kernel for random bits each time, which alone takes longer than a report
/// may; here a thread asks for many at once. Each bit is still used once.
/// </summary>
static class UsageIds
{
    const int RandomBytes = 10;
    const int IdsAtOnce = 256;

    [ThreadStatic] static byte[]? _random;
    [ThreadStatic] static int _left;

    public static Guid Next(DateTimeOffset now)
    {
        _random ??= new byte[RandomBytes * IdsAtOnce];
        if (_left == 0)
        {
            RandomNumberGenerator.Fill(_random);
            _left = IdsAtOnce;
        }
        _left--;

        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, now.ToUnixTimeMilliseconds() << 16);
        _random.AsSpan(_left * RandomBytes, RandomBytes).CopyTo(bytes[6..]);
        bytes[6] = (byte)(0x70 | bytes[6] & 0x0F);
        bytes[8] = (byte)(0x80 | bytes[8] & 0x3F);
        return new Guid(bytes, bigEndian: true);
    }
}
