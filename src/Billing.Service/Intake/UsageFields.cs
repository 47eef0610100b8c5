using System.Text.Json.Serialization;

namespace Billing.Service.Intake;

/// <summary>
/// A usage, or a request for one, as it came in: every field that could be read, and none that could not. Reading never throws
/// on a field of the wrong kind, so that one bad item reaches the validator and its neighbours are charged.
/// </summary>
[JsonConverter(typeof(UsageFieldsJsonConverter))]
public sealed record UsageFields
{
    public Field<Guid> UsageId { get; init; }
    public Field<string> UserId { get; init; }
    public Field<string> Service { get; init; }
    public Field<long> Quantity { get; init; }
    public Field<Money> Cost { get; init; }
    public Field<string> Currency { get; init; }
    public Field<DateTimeOffset> OccurredAt { get; init; }
    public Field<DateTimeOffset> Deadline { get; init; }

    /// <summary>What came in, as text; only kept when some field could not be read.</summary>
    public string? Raw { get; init; }
}

/// <summary>One field: absent, read, or there but not readable (then <see cref="Text"/> is what stood there).</summary>
public readonly record struct Field<T>(bool IsPresent, bool IsReadable, T? Value, string? Text)
{
    public static Field<T> Read(T value) => new(true, true, value, null);

    public static Field<T> Unreadable(string text) => new(true, false, default, text);

    public bool Has => IsPresent && IsReadable;
}
