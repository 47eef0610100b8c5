namespace Billing.Contracts;

/// <summary>The answer to <see cref="ReleaseQuota"/>, given after the commit.</summary>
public sealed record QuotaRelease
{
    public required Guid ReservationId { get; init; }

    /// <summary>Whether the reservation is released, by this request or by an earlier one, or by its time.</summary>
    public required bool Released { get; init; }

    public bool Duplicate { get; init; }

    /// <summary>Why it was refused; one of <see cref="ErrorCodes"/>. Absent when released.</summary>
    public string? Code { get; init; }

    public string? Detail { get; init; }

    /// <summary>Free units that this request gave back to their month.</summary>
    public long FreeUnitsReturned { get; init; }

    /// <summary>Money that this request gave back.</summary>
    public Money AmountReturned { get; init; }

    /// <summary>The units of the usage that named it so far.</summary>
    public long SettledQuantity { get; init; }

    /// <summary>Still set aside, for usage on its way.</summary>
    public long FreeUnitsHeld { get; init; }

    public Money AmountHeld { get; init; }

    /// <summary>What may be spent now.</summary>
    public Money Available { get; init; }

    public required string Currency { get; init; }
}
