using Billing.Service.Charging;
using Billing.Service.Charging.Reservations;
using Billing.Service.Quota;

namespace Billing.Service.Reservations;

/// <summary>The one check of shape of requests about reservations, for every door; null for a request that makes sense.</summary>
static class ReservationShape
{
    const int GrantSecondsMax = 3_600;

    public static Refusal? Check(ReserveQuota request, string currency)
    {
        if (Ids(request.ReservationId, request.UserId) is { } wrong) return wrong;
        if (!Name.IsValid(request.Service)) return new(ErrorCodes.InvalidService, $"service is {Name.Rule}.");
        if (request.Quantity is < 1 or > Usage.QuantityMax) return new(ErrorCodes.InvalidQuantity, $"quantity is {request.Quantity}; send a whole number from 1 to {Usage.QuantityMax}.");
        return Terms(request.Cost, request.Currency, currency, request.GrantSeconds);
    }

    public static Refusal? Check(ExtendReservation request, string currency)
    {
        if (Ids(request.ReservationId, request.UserId) is { } wrong) return wrong;
        if (request.Step < 1) return new(ErrorCodes.InvalidStep, $"step is {request.Step}; send 1 for the first extension, 2 for the next.");
        if (request.Quantity is < 0 or > Usage.QuantityMax) return new(ErrorCodes.InvalidQuantity, $"quantity is {request.Quantity}; send a whole number from 0 to {Usage.QuantityMax}.");
        return Terms(request.Cost, request.Currency, currency, request.GrantSeconds);
    }

    public static Refusal? Check(ReleaseQuota request)
    {
        if (Ids(request.ReservationId, request.UserId) is { } wrong) return wrong;
        return request.UsedQuantity < 0 ? new(ErrorCodes.InvalidQuantity, $"usedQuantity is {request.UsedQuantity}; send zero or more, or none.") : null;
    }

    public static HoldFunds ToOperation(ReserveQuota request, DateTimeOffset now, DateTimeOffset? sentAt) => new(
        request.ReservationId, request.UserId, request.Service, request.Quantity, request.Cost,
        TimeSpan.FromSeconds(request.GrantSeconds), now, request.Deadline ?? Deadline(now, sentAt));

    public static ExtendHold ToOperation(ExtendReservation request, DateTimeOffset now, DateTimeOffset? sentAt) => new(
        request.ReservationId, request.UserId, request.Step, request.Quantity, request.Cost,
        TimeSpan.FromSeconds(request.GrantSeconds), request.Deadline ?? Deadline(now, sentAt));

    static DateTimeOffset Deadline(DateTimeOffset now, DateTimeOffset? sentAt) => (sentAt ?? now) + Deductions.DeadlineDefault;

    static Refusal? Ids(Guid reservationId, string userId)
    {
        if (reservationId == Guid.Empty) return new(ErrorCodes.InvalidReservationId, "reservationId is a UUID, not all zero.");
        return Name.IsValid(userId) ? null : new(ErrorCodes.InvalidUserId, $"userId is {Name.Rule}.");
    }

    static Refusal? Terms(Money? cost, string? currency, string billed, int grantSeconds)
    {
        if (cost is { IsNegative: true }) return new(ErrorCodes.InvalidCost, "cost is zero or more.");
        if (currency is not null && currency != billed) return new(ErrorCodes.CurrencyMismatch, $"currency is '{currency}'; \"{billed}\" is billed here.");
        return grantSeconds is < 1 or > GrantSecondsMax
            ? new(ErrorCodes.InvalidGrantTime, $"grantSeconds is {grantSeconds}; send 1 to {GrantSecondsMax}, and extend what takes longer.")
            : null;
    }
}
