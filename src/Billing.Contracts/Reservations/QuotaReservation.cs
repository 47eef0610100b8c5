namespace Billing.Contracts;

/// <summary>The answer to <see cref="ReserveQuota"/> and <see cref="ExtendReservation"/>, given after the commit: the reservation as it stands.</summary>
public sealed record QuotaReservation
{
    public required Guid ReservationId { get; init; }

    /// <summary>Whether what was asked for is set aside, by this request or by an earlier one with the same id and content.</summary>
    public required bool Granted { get; init; }

    public bool Duplicate { get; init; }

    /// <summary>Why it was refused; one of <see cref="ErrorCodes"/>. Absent when granted.</summary>
    public string? Code { get; init; }

    public string? Detail { get; init; }

    /// <summary>When the funds do not cover it: how many units they would have covered.</summary>
    public long? AffordableQuantity { get; init; }

    /// <summary>The last extension; 0 before the first.</summary>
    public int Step { get; init; }

    /// <summary>Units granted in total, extensions included.</summary>
    public long Quantity { get; init; }

    /// <summary>Of them, those that the free quota pays.</summary>
    public long FreeUnits { get; init; }

    /// <summary>The money set aside for the others in total: the most that they can cost.</summary>
    public Money Amount { get; init; }

    /// <summary>The units of the usage that named it so far.</summary>
    public long SettledQuantity { get; init; }

    /// <summary>When to stop handing out calls, by the service's clock. A caller counts <c>GrantSeconds</c> on its own, from its request on.</summary>
    public DateTimeOffset? GrantUntil { get; init; }

    /// <summary>Usage that arrives later is charged as any other.</summary>
    public DateTimeOffset? SettleBy { get; init; }

    /// <summary>What may still be spent beside it.</summary>
    public Money Available { get; init; }

    /// <summary>Free units of the service and month left beside it.</summary>
    public long FreeUnitsLeft { get; init; }

    public required string Currency { get; init; }
}
