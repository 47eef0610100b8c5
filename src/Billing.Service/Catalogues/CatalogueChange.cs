namespace Billing.Service.Catalogues;

/// <summary>A change that stands in the catalogue: what a repeat of its operation id is answered by.</summary>
/// <param name="Version">Of the price or the free quota that it added.</param>
public sealed record CatalogueChange(Guid OperationId, ChangeKind Kind, int ServiceId, int Version);

/// <summary>Stored by number: a number never changes its meaning.</summary>
public enum ChangeKind
{
    Registration = 1,
    Price = 2,
    FreeQuota = 3,
}
