namespace Billing.Contracts;

/// <summary>Plans the next version of a service's price. What is charged already stays as it is. Answered by <see cref="PriceChange"/>.</summary>
public sealed record ChangePrice
{
    /// <summary>The operator's id of this act; a repeat returns the stored result.</summary>
    public required Guid OperationId { get; init; }

    public required string Service { get; init; }

    /// <summary>Zero or more.</summary>
    public required Money Amount { get; init; }

    /// <summary>1 to 1,000,000,000.</summary>
    public long PerUnits { get; init; } = 1;

    /// <summary>At least 60 s ahead of the database's clock, and after every version that is there. Absent: the next full second that is.</summary>
    public DateTimeOffset? EffectiveFrom { get; init; }

    /// <summary>Who did it, 1 to 128 characters.</summary>
    public required string Actor { get; init; }

    /// <summary>Why, 1 to 500 characters.</summary>
    public required string Reason { get; init; }
}
