namespace Billing.TestSupport;

/// <summary>Ids of both kinds: version 7, which carry their time, and version 4, which do not.</summary>
public static class Ids
{
    public static Guid WithTime() => WithTime(TimeProvider.System.GetUtcNow());

    public static Guid WithTime(DateTimeOffset time) => Guid.CreateVersion7(time);

    public static Guid WithoutTime()
    {
        Span<byte> bytes = stackalloc byte[16];
        Random.Shared.NextBytes(bytes);
        bytes[6] = (byte)(0x40 | bytes[6] & 0x0F);
        bytes[8] = (byte)(0x80 | bytes[8] & 0x3F);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>A user whom no other test names.</summary>
    public static string User(string name) => $"{name}-{WithoutTime():N}"[..(name.Length + 13)];
}
