namespace Billing.Contracts;

/// <summary>The answer to <see cref="CheckQuotas"/>.</summary>
public sealed record QuotaStatuses
{
    /// <summary>One of <see cref="ErrorCodes"/> when nothing could be answered at all; a check that makes no sense has its code in its item.</summary>
    public string? Code { get; init; }

    public string? Detail { get; init; }

    /// <summary>One for each check, in the order asked.</summary>
    public IReadOnlyList<QuotaStatus> Items { get; init; } = [];
}
