using Billing.Service.Charging;

namespace Billing.Service.Intake;

/// <summary>The one check of shape for every door. Age, price and funds are decided later, under the account's lock.</summary>
public static class UsageShape
{
    const int ShownMax = 40;

    /// <summary>The usage, or why it is none.</summary>
    public static (Usage? Usage, Refusal? Refusal) Check(UsageFields fields, string currency)
    {
        if (Problem(fields, currency) is { } refusal) return (null, refusal);

        var occurredAt = CutToMicroseconds(fields.OccurredAt.Value);
        Money? cost = fields.Cost.IsPresent ? fields.Cost.Value : null;
        Guid? reservationId = fields.ReservationId.IsPresent ? fields.ReservationId.Value : null;
        var (userId, service, quantity) = (fields.UserId.Value!, fields.Service.Value!, fields.Quantity.Value);
        return (new Usage
        {
            UsageId = fields.UsageId.Value,
            UserId = userId,
            Service = service,
            Quantity = quantity,
            Cost = cost,
            OccurredAt = occurredAt,
            ReservationId = reservationId,
            ContentHash = ContentHash.Of(userId, service, quantity, cost, occurredAt, reservationId),
        }, null);
    }

    /// <summary>The operation for a usage that has happened: to charge it, or to keep it as rejected.</summary>
    public static Operation ToOperation(UsageFields fields, string currency)
    {
        var (usage, refusal) = Check(fields, currency);
        return usage is not null ? new ChargeUsage(usage) : new RecordRejection(RejectedUsage.OfRaw(
            fields.UsageId.Has ? fields.UsageId.Value.ToString() : fields.UsageId.Text, fields.UserId.Value, fields.Service.Value, RawOf(fields), refusal!));
    }

    static Refusal? Problem(UsageFields fields, string currency)
    {
        if (!fields.UsageId.Has || fields.UsageId.Value == Guid.Empty)
            return Wrong(ErrorCodes.InvalidUsageId, "usageId", fields.UsageId, "a UUID, not all zero; version 7 is best");
        if (!fields.UserId.Has || !Name.IsValid(fields.UserId.Value)) return Wrong(ErrorCodes.InvalidUserId, "userId", fields.UserId, Name.Rule);
        if (!fields.Service.Has || !Name.IsValid(fields.Service.Value)) return Wrong(ErrorCodes.InvalidService, "service", fields.Service, Name.Rule);
        if (!fields.Quantity.Has || !UsageLimits.IsQuantity(fields.Quantity.Value))
            return Wrong(ErrorCodes.InvalidQuantity, "quantity", fields.Quantity, $"a whole number from 1 to {Usage.QuantityMax}");
        if (fields.Cost.IsPresent && (fields.Cost.IsUnreadable || fields.Cost.Value.IsNegative))
            return Wrong(ErrorCodes.InvalidCost, "cost", fields.Cost, "a decimal string of zero or more with at most nine places, such as \"12.34\"");
        if (fields.Currency.IsPresent && fields.Currency.Value != currency)
            return Wrong(ErrorCodes.CurrencyMismatch, "currency", fields.Currency, $"\"{currency}\", the one currency that is billed here");
        if (!fields.OccurredAt.Has) return Wrong(ErrorCodes.InvalidOccurredAt, "occurredAt", fields.OccurredAt, "an RFC 3339 time with its offset, such as \"2026-11-22T10:00:00Z\"");
        if (fields.ReservationId.IsPresent && (fields.ReservationId.IsUnreadable || fields.ReservationId.Value == Guid.Empty))
            return Wrong(ErrorCodes.InvalidReservationId, "reservationId", fields.ReservationId, "the UUID of a reservation, or none");
        return null;
    }

    internal static Refusal Wrong<T>(string code, string name, Field<T> field, string right) => new(code, field switch
    {
        { IsPresent: false } => $"{name} is missing; send {right}.",
        { IsUnreadable: true } => $"{name} is {Shown(field.Text)}; send {right}.",
        _ => $"{name} is {Shown(field.Value?.ToString())}; send {right}.",
    });

    static string Shown(string? text) => text is { Length: > ShownMax } ? $"'{Printable.Of(text, ShownMax)}...'" : $"'{Printable.Of(text ?? "", ShownMax)}'";

    static DateTimeOffset CutToMicroseconds(DateTimeOffset instant) => new(instant.UtcTicks - instant.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);

    static string RawOf(UsageFields fields) => fields.Raw ?? System.Text.Json.JsonSerializer.Serialize(new
    {
        usageId = fields.UsageId.Has ? fields.UsageId.Value : (Guid?)null,
        userId = fields.UserId.Value,
        service = fields.Service.Value,
        quantity = fields.Quantity.Has ? fields.Quantity.Value : (long?)null,
        cost = fields.Cost.Has ? fields.Cost.Value : (Money?)null,
        currency = fields.Currency.Value,
        occurredAt = fields.OccurredAt.Has ? fields.OccurredAt.Value : (DateTimeOffset?)null,
        reservationId = fields.ReservationId.Has ? fields.ReservationId.Value : (Guid?)null,
    });
}
