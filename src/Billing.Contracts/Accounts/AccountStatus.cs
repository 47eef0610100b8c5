namespace Billing.Contracts;

/// <summary>One user's prepaid account.</summary>
public sealed record AccountStatus
{
    public required string UserId { get; init; }

    /// <summary>False when no operation has named this user yet, or when <see cref="Code"/> says why there is no answer.</summary>
    public required bool Exists { get; init; }

    /// <summary>One of <see cref="ErrorCodes"/> when the question could not be answered.</summary>
    public string? Code { get; init; }

    public string? Detail { get; init; }

    /// <summary>Prepaid money; negative means debt.</summary>
    public Money Balance { get; init; }

    /// <summary>Set aside by open reservations.</summary>
    public Money Held { get; init; }

    /// <summary>How far below zero deductions may take the balance.</summary>
    public Money OverdraftLimit { get; init; }

    /// <summary>Balance, less what is held, plus the overdraft limit.</summary>
    public Money Available { get; init; }

    public required string Currency { get; init; }

    /// <summary>The free quotas of the current month, one for each service that has one.</summary>
    public IReadOnlyList<FreeQuotaStatus> FreeQuotas { get; init; } = [];

    public required DateTimeOffset AsOf { get; init; }
}
