namespace Billing.Client.Reporting;

/// <summary>Refuses what the service could only reject, while its sender can still be told.</summary>
static class UsageRules
{
    const int CurrencyLength = 3;

    public static void Check(in UsageReport usage)
    {
        if (usage.UsageId == Guid.Empty) throw new InvalidUsageException(ErrorCodes.InvalidUsageId, "UsageId is all zero; leave it out to have one made.");
        if (!UsageLimits.IsName(usage.UserId)) throw new InvalidUsageException(ErrorCodes.InvalidUserId, $"UserId has {UsageLimits.NameRule}.");
        if (!UsageLimits.IsName(usage.Service)) throw new InvalidUsageException(ErrorCodes.InvalidService, $"Service has {UsageLimits.NameRule}.");
        if (!UsageLimits.IsQuantity(usage.Quantity)) throw new InvalidUsageException(ErrorCodes.InvalidQuantity, $"Quantity is {usage.Quantity}; it is from 1 to {UsageLimits.QuantityMax}.");
        if (usage.Cost is { IsNegative: true }) throw new InvalidUsageException(ErrorCodes.InvalidCost, "Cost is negative; it is zero or more.");
        if (usage.Currency is { } currency && !IsCurrency(currency)) throw new InvalidUsageException(ErrorCodes.CurrencyMismatch, "Currency is no ISO 4217 code, such as \"USD\".");
        if (usage.ReservationId == Guid.Empty) throw new InvalidUsageException(ErrorCodes.InvalidReservationId, "ReservationId is all zero; leave it out where there is none.");
    }

    static bool IsCurrency(string text) => text.Length == CurrencyLength && !text.AsSpan().ContainsAnyExceptInRange('A', 'Z');
}
