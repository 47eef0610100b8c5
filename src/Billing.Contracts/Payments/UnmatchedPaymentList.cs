namespace Billing.Contracts;

/// <summary>The answer to <see cref="ListUnmatchedPayments"/>.</summary>
public sealed record UnmatchedPaymentList
{
    public IReadOnlyList<UnmatchedPaymentStatus> Items { get; init; } = [];

    /// <summary>Absent on the last page.</summary>
    public string? NextCursor { get; init; }

    public string? Code { get; init; }

    public string? Detail { get; init; }
}
