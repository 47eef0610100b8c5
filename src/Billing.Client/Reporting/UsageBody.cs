using System.Buffers;
using System.Text.Json;
using Billing.Client.Reporting.Spooling;

namespace Billing.Client.Reporting;

/// <summary>One message: the JSON of a <see cref="UsageBatch"/> in a buffer of the pool, from where it is sent as it is.</summary>
sealed class UsageBody : IDisposable
{
    const int FirstLength = 64 << 10;

    byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstLength);
    int _length;

    public UsageBody() => Write("{\"items\":["u8);

    /// <summary>How many usages it has.</summary>
    public int Count { get; set; }

    public int Length => _length;

    /// <summary>When the oldest of them was written to the disk.</summary>
    public long OldestMs { get; set; }

    /// <summary>The file that they stand in; none when the disk did not take them.</summary>
    public Segment? Segment { get; init; }

    /// <summary>The same for every attempt.</summary>
    public required Guid MessageId { get; init; }

    public ReadOnlyMemory<byte> Json => _buffer.AsMemory(0, _length);

    public void Add(ReadOnlySpan<byte> items, int count, long writtenAtMs)
    {
        if (Count == 0) OldestMs = writtenAtMs;
        else Write(","u8);
        Write(items);
        Count += count;
    }

    /// <summary>After the last usage.</summary>
    public void End() => Write("]}"u8);

    /// <summary>Read from what is sent, so that it can be no other.</summary>
    public List<Guid> UsageIds()
    {
        var ids = new List<Guid>(Count);
        var reader = new Utf8JsonReader(Json.Span);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("usageId"u8)) continue;
            reader.Read();
            ids.Add(reader.GetGuid());
        }
        return ids;
    }

    public void Dispose()
    {
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _length) = ([], 0);
    }

    void Write(ReadOnlySpan<byte> bytes)
    {
        if (_length + bytes.Length > _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _length + bytes.Length));
            _buffer.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }
}
