namespace Billing.Contracts;

/// <summary>The answer to <see cref="ListRecharges"/>.</summary>
public sealed record RechargeList
{
    public IReadOnlyList<RechargeStatus> Items { get; init; } = [];

    /// <summary>Absent on the last page.</summary>
    public string? NextCursor { get; init; }

    public string? Code { get; init; }

    public string? Detail { get; init; }
}
