using Billing.Service.Charging;

namespace Billing.TestSupport;

/// <summary>A usage as a test sends it through any door, and as the auditor remembers it.</summary>
public sealed record TestUsage
{
    public Guid UsageId { get; init; } = Ids.WithTime();
    public required string UserId { get; init; }
    public string Service { get; init; } = TestCatalogue.Search;
    public long Quantity { get; init; } = 1;
    public Money? Cost { get; init; }
    public Guid? ReservationId { get; init; }
    public DateTimeOffset OccurredAt { get; init; } = ToMicroseconds(TimeProvider.System.GetUtcNow());

    public static TestUsage Of(string userId, string service = TestCatalogue.Search, long quantity = 1) => new() { UserId = userId, Service = service, Quantity = quantity };

    public ChargeUsage ToCharge() => new(ToUsage());

    public DeductUsage ToDeduction(DateTimeOffset deadline) => new(ToUsage(), deadline);

    public UsageOccurred ToMessage() => new()
    {
        UsageId = UsageId,
        UserId = UserId,
        Service = Service,
        Quantity = Quantity,
        Cost = Cost,
        OccurredAt = OccurredAt,
        ReservationId = ReservationId,
    };

    public DeductQuota ToRequest() => new()
    {
        UsageId = UsageId,
        UserId = UserId,
        Service = Service,
        Quantity = Quantity,
        Cost = Cost,
        OccurredAt = OccurredAt,
        Deadline = TimeProvider.System.GetUtcNow().AddMinutes(1),
    };

    Usage ToUsage() => new()
    {
        UsageId = UsageId,
        UserId = UserId,
        Service = Service,
        Quantity = Quantity,
        Cost = Cost,
        OccurredAt = OccurredAt,
        ReservationId = ReservationId,
        ContentHash = ContentHash.Of(UserId, Service, Quantity, Cost, OccurredAt, ReservationId),
    };

    static DateTimeOffset ToMicroseconds(DateTimeOffset time) => new(time.UtcTicks - time.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
}
