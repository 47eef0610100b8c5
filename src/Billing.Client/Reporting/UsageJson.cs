using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Billing.Client.Reporting;

/// <summary>Writes usages as the items of a <see cref="UsageBatch"/>, into a buffer of its own that is used again and again.</summary>
sealed class UsageJson
{
    const int CostLengthMax = 24;

    static readonly JsonEncodedText UsageId = JsonEncodedText.Encode("usageId");
    static readonly JsonEncodedText UserId = JsonEncodedText.Encode("userId");
    static readonly JsonEncodedText Service = JsonEncodedText.Encode("service");
    static readonly JsonEncodedText Quantity = JsonEncodedText.Encode("quantity");
    static readonly JsonEncodedText Cost = JsonEncodedText.Encode("cost");
    static readonly JsonEncodedText Currency = JsonEncodedText.Encode("currency");
    static readonly JsonEncodedText OccurredAt = JsonEncodedText.Encode("occurredAt");
    static readonly JsonEncodedText ReservationId = JsonEncodedText.Encode("reservationId");

    readonly ArrayBufferWriter<byte> _buffer = new(1_024);
    readonly Utf8JsonWriter _writer;

    // Names have no character that needs escaping; the default would escape some of them for the sake of HTML.
    public UsageJson() => _writer = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    /// <summary>The usages, with commas between them. Valid until the next call; each usage has an id and a time.</summary>
    public ReadOnlySpan<byte> Items(ReadOnlySpan<UsageReport> usages)
    {
        _buffer.ResetWrittenCount();
        _writer.Reset();
        _writer.WriteStartArray();
        foreach (ref readonly var usage in usages) Write(usage);
        _writer.WriteEndArray();
        _writer.Flush();
        return _buffer.WrittenSpan[1..^1];
    }

    void Write(in UsageReport usage)
    {
        _writer.WriteStartObject();
        _writer.WriteString(UsageId, usage.UsageId!.Value);
        _writer.WriteString(UserId, usage.UserId);
        _writer.WriteString(Service, usage.Service);
        _writer.WriteNumber(Quantity, usage.Quantity);
        if (usage.Cost is { } cost) Write(cost);
        if (usage.Currency is { } currency) _writer.WriteString(Currency, currency);
        _writer.WriteString(OccurredAt, usage.OccurredAt!.Value);
        if (usage.ReservationId is { } reservationId) _writer.WriteString(ReservationId, reservationId);
        _writer.WriteEndObject();
    }

    /// <summary>As <see cref="Money.ToString"/> does, without making a string.</summary>
    void Write(Money cost)
    {
        Span<char> text = stackalloc char[CostLengthMax];
        cost.ToDecimal().TryFormat(text, out var length, "0.00#######", CultureInfo.InvariantCulture);
        _writer.WriteString(Cost, text[..length]);
    }
}
