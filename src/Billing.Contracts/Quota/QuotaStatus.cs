namespace Billing.Contracts;

/// <summary>The answer to <see cref="CheckQuota"/>. Knows committed usage only; <see cref="AsOf"/> and <see cref="ChargingDelayMs"/> say how fresh that is.</summary>
public sealed record QuotaStatus
{
    public required string UserId { get; init; }

    public required string Service { get; init; }

    public required long Quantity { get; init; }

    public required bool Allowed { get; init; }

    /// <summary>Why not, or a warning such as "charging_delayed"; one of <see cref="ErrorCodes"/>. Absent when there is nothing to say.</summary>
    public string? Reason { get; init; }

    /// <summary>Who would pay: "free_quota", "balance" or "both". Absent when the call is not allowed.</summary>
    public string? PaidFrom { get; init; }

    /// <summary>How many of the units asked for the free quota would pay.</summary>
    public required long FreeUnits { get; init; }

    /// <summary>What the balance would pay for the rest.</summary>
    public required Money Amount { get; init; }

    /// <summary>Free units of this service left this month, before this call.</summary>
    public required long FreeUnitsLeft { get; init; }

    /// <summary>What may still be spent: balance, less what is set aside, plus the overdraft limit.</summary>
    public required Money Available { get; init; }

    public required string Currency { get; init; }

    /// <summary>The state of the account is that of this instant.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>Milliseconds that usage takes at present from being published to being charged.</summary>
    public required long ChargingDelayMs { get; init; }
}
