namespace Billing.Contracts;

/// <summary>The payment service says that a recharge cannot be paid.</summary>
public sealed record RechargeFailed
{
    public required Guid RechargeId { get; init; }

    public required string UserId { get; init; }

    /// <summary>The payment service's word for it.</summary>
    public string? Reason { get; init; }

    public required DateTimeOffset FailedAt { get; init; }
}
