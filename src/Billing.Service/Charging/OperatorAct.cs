namespace Billing.Service.Charging;

/// <summary>What a person did: a row of the append-only log, written in the transaction that changes what it tells of. Once by kind and operation id.</summary>
public sealed record OperatorAct
{
    /// <summary>One of <see cref="ActKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The caller's id of the operation, or one that follows from it.</summary>
    public required Guid OperationId { get; init; }

    /// <summary>Whose account it was done to; absent for what concerns no account.</summary>
    public long? AccountId { get; init; }

    /// <summary>What else it was done to, such as a usage or a service.</summary>
    public string? Subject { get; init; }

    public required string Actor { get; init; }
    public required string Reason { get; init; }
    public IReadOnlyList<OperatorActChange> Changes { get; init; } = [];
    public required DateTimeOffset ActedAt { get; init; }
}
