namespace Billing.Contracts;

/// <summary>
/// Puts a new service on sale. Its first price and free quota hold from the beginning of time, so that usage that was rejected as
/// <c>unknown_service</c> can be sent again. Answered by <see cref="ServiceRegistration"/>.
/// </summary>
public sealed record RegisterService
{
    /// <summary>The operator's id of this act; a repeat returns the stored result.</summary>
    public required Guid OperationId { get; init; }

    /// <summary>1 to 128 characters of <c>A-Z a-z 0-9 . _ @ : / ? = &amp; % + -</c>; matched letter by letter.</summary>
    public required string Service { get; init; }

    /// <summary><c>catalogue</c>, or <c>gateway</c> when each usage names its cost. It never changes.</summary>
    public required string PricedBy { get; init; }

    /// <summary>For a service that the catalogue prices, and for no other.</summary>
    public UnitAmount? Price { get; init; }

    /// <summary>Free units per user and calendar month, zero or more.</summary>
    public long FreeUnits { get; init; }

    /// <summary>Who did it, 1 to 128 characters.</summary>
    public required string Actor { get; init; }

    /// <summary>Why, 1 to 500 characters.</summary>
    public required string Reason { get; init; }
}
