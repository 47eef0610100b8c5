namespace Billing.Contracts;

/// <summary>A recharge was paid and is credited. Published once for each.</summary>
public sealed record RechargeCompleted
{
    public required Guid RechargeId { get; init; }

    public required string UserId { get; init; }

    /// <summary>What was credited.</summary>
    public required Money Amount { get; init; }

    public required string Currency { get; init; }

    public required string PaymentId { get; init; }

    /// <summary>True when the money came after the recharge had failed or expired.</summary>
    public required bool Late { get; init; }

    /// <summary>The balance right after the credit.</summary>
    public required Money Balance { get; init; }

    public required DateTimeOffset CompletedAt { get; init; }
}
