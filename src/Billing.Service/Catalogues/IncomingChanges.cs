using MassTransit;

namespace Billing.Service.Catalogues;

// What the doors receive. On the wire these are the contracts of the same name; here every field may be missing: a price whose amount was
// forgotten must not become a price of zero.

/// <summary>A <see cref="RegisterService"/> as it came in.</summary>
[MessageUrn("Billing.Contracts:RegisterService")]
[EntityName("Billing.Contracts:RegisterService")]
public sealed record IncomingService : IIncomingChange
{
    public Guid OperationId { get; init; }
    public string? Service { get; init; }
    public string? PricedBy { get; init; }
    public IncomingUnitAmount? Price { get; init; }
    public long FreeUnits { get; init; }
    public string? Actor { get; init; }
    public string? Reason { get; init; }
}

/// <summary>A <see cref="UnitAmount"/> as it came in.</summary>
public sealed record IncomingUnitAmount
{
    public Money? Amount { get; init; }
    public long PerUnits { get; init; } = 1;
}

/// <summary>A <see cref="ChangePrice"/> as it came in.</summary>
[MessageUrn("Billing.Contracts:ChangePrice")]
[EntityName("Billing.Contracts:ChangePrice")]
public sealed record IncomingPrice : IIncomingChange
{
    public Guid OperationId { get; init; }
    public string? Service { get; init; }
    public Money? Amount { get; init; }
    public long PerUnits { get; init; } = 1;

    /// <summary>A text: a time without an offset would mean another instant on each machine.</summary>
    public string? EffectiveFrom { get; init; }

    public string? Actor { get; init; }
    public string? Reason { get; init; }
}

/// <summary>A <see cref="ChangeFreeQuota"/> as it came in.</summary>
[MessageUrn("Billing.Contracts:ChangeFreeQuota")]
[EntityName("Billing.Contracts:ChangeFreeQuota")]
public sealed record IncomingFreeQuota : IIncomingChange
{
    public Guid OperationId { get; init; }
    public string? Service { get; init; }
    public long? FreeUnits { get; init; }
    public string? FromMonth { get; init; }
    public string? Actor { get; init; }
    public string? Reason { get; init; }
}

/// <summary>What every change of the catalogue says.</summary>
interface IIncomingChange
{
    Guid OperationId { get; }
    string? Service { get; }
    string? Actor { get; }
    string? Reason { get; }
}
