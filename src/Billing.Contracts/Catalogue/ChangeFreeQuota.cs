namespace Billing.Contracts;

/// <summary>Plans the free units of a service for the months to come. What a month has granted stays granted. Answered by <see cref="FreeQuotaChange"/>.</summary>
public sealed record ChangeFreeQuota
{
    /// <summary>The operator's id of this act; a repeat returns the stored result.</summary>
    public required Guid OperationId { get; init; }

    public required string Service { get; init; }

    /// <summary>Free units per user and calendar month, zero or more.</summary>
    public required long FreeUnits { get; init; }

    /// <summary>The first month of it in the billing time zone, such as "2027-01": a month that has not begun. Absent: the next one.</summary>
    public string? FromMonth { get; init; }

    /// <summary>Who did it, 1 to 128 characters.</summary>
    public required string Actor { get; init; }

    /// <summary>Why, 1 to 500 characters.</summary>
    public required string Reason { get; init; }
}
