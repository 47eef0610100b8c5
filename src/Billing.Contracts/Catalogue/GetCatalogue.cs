namespace Billing.Contracts;

/// <summary>Which services are on sale, and at what prices? Answered by <see cref="CatalogueStatus"/>.</summary>
public sealed record GetCatalogue;
