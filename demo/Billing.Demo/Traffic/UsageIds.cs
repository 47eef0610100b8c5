using System.Security.Cryptography;

namespace Billing.Demo.Traffic;

/// <summary>
/// Ids as gateways make them: version 7 mostly, version 4 now and then. They are not drawn from the run's seed: a second run
/// on the same database would send the ids of the first with other content.
/// </summary>
static class UsageIds
{
    const double Version4Share = 0.1;

    public static Guid Next(Random random, DateTimeOffset now) => random.NextDouble() < Version4Share ? Version4() : Guid.CreateVersion7(now);

    static Guid Version4()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        bytes[6] = (byte)(bytes[6] & 0x0F | 0x40);
        bytes[8] = (byte)(bytes[8] & 0x3F | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
