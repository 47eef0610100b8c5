using System.Buffers.Binary;
using System.Text;

namespace Billing.TestSupport.Otlp;

/// <summary>A protobuf message read by the numbers of its fields, without its schema: as much of the wire format as OTLP needs.</summary>
public sealed class ProtobufMessage
{
    const int Varint = 0, Fixed64 = 1, Delimited = 2, Fixed32 = 5;

    readonly List<(int Number, ReadOnlyMemory<byte> Bytes, ulong Value)> _fields = [];

    public ProtobufMessage(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var tag = (int)TakeVarint(ref bytes);
            var (number, kind) = (tag >> 3, tag & 7);
            _fields.Add(kind switch
            {
                Varint => (number, default, TakeVarint(ref bytes)),
                Fixed64 => (number, default, BinaryPrimitives.ReadUInt64LittleEndian(Take(ref bytes, sizeof(ulong)).Span)),
                Delimited => (number, Take(ref bytes, (int)TakeVarint(ref bytes)), 0),
                Fixed32 => (number, default, BinaryPrimitives.ReadUInt32LittleEndian(Take(ref bytes, sizeof(uint)).Span)),
                _ => throw new InvalidDataException($"Field {number} is of kind {kind}."),
            });
        }
    }

    /// <summary>The messages inside, down a path of field numbers.</summary>
    public IEnumerable<ProtobufMessage> Messages(params int[] path) => path is []
        ? [this]
        : _fields.Where(field => field.Number == path[0]).SelectMany(field => new ProtobufMessage(field.Bytes).Messages(path[1..]));

    public string Text(int number) => Encoding.UTF8.GetString(Bytes(number));

    public string Hex(int number) => Convert.ToHexStringLower(Bytes(number));

    public IEnumerable<ulong> Numbers(int number) => _fields.Where(field => field.Number == number).Select(field => field.Value);

    ReadOnlySpan<byte> Bytes(int number) => _fields.Find(field => field.Number == number).Bytes.Span;

    static ulong TakeVarint(ref ReadOnlyMemory<byte> bytes)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = Take(ref bytes, 1).Span[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
    }

    static ReadOnlyMemory<byte> Take(ref ReadOnlyMemory<byte> bytes, int count)
    {
        var taken = bytes[..count];
        bytes = bytes[count..];
        return taken;
    }
}
