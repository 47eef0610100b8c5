namespace Billing.Contracts;

/// <summary>Usage, a refund or an adjustment took an account's balance from zero or more to below zero. Announced once for each such crossing.</summary>
public sealed record DebtIncurred
{
    public required string UserId { get; init; }

    /// <summary>The balance after the commit that crossed zero.</summary>
    public required Money Balance { get; init; }

    public required string Currency { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }
}
