using System.Text.Json.Serialization;

namespace Billing.Service.Intake;

/// <summary>
/// A usage, or a request for one, as it came in: every field that could be read, and none that could not. Reading never throws
/// on a field of the wrong kind, so that one bad item reaches the validator and its neighbours are charged.
/// </summary>
[JsonConverter(typeof(UsageFieldsJsonConverter))]
public sealed record UsageFields
{
    public Field<Guid> UsageId { get; set; }
    public Field<string> UserId { get; set; }
    public Field<string> Service { get; set; }
    public Field<long> Quantity { get; set; }
    public Field<Money> Cost { get; set; }
    public Field<string> Currency { get; set; }
    public Field<DateTimeOffset> OccurredAt { get; set; }
    public Field<Guid> ReservationId { get; set; }
    public Field<DateTimeOffset> Deadline { get; set; }

    /// <summary>What came in, as text; only kept when some field is missing or could not be read.</summary>
    public string? Raw { get; set; }

    /// <summary>Whether everything is there that every usage has.</summary>
    public bool AreComplete => UsageId.IsPresent && UserId.IsPresent && Service.IsPresent && Quantity.IsPresent && OccurredAt.IsPresent;

    /// <summary>Whether everything that is there could be read.</summary>
    public bool AreReadable =>
        !UsageId.IsUnreadable && !UserId.IsUnreadable && !Service.IsUnreadable && !Quantity.IsUnreadable && !Cost.IsUnreadable
        && !Currency.IsUnreadable && !OccurredAt.IsUnreadable && !ReservationId.IsUnreadable && !Deadline.IsUnreadable;
}
