namespace Billing.Contracts;

/// <summary>The answer to <see cref="GetCatalogue"/>.</summary>
public sealed record CatalogueStatus
{
    /// <summary>Why there is no answer; one of <see cref="ErrorCodes"/>.</summary>
    public string? Code { get; init; }

    public string? Detail { get; init; }

    /// <summary>Goes up with every change of the catalogue.</summary>
    public long CatalogueVersion { get; init; }

    /// <summary>By name.</summary>
    public IReadOnlyList<ServiceStatus> Services { get; init; } = [];

    public required string Currency { get; init; }
    public required DateTimeOffset AsOf { get; init; }
}
