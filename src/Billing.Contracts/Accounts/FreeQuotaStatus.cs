namespace Billing.Contracts;

/// <summary>The free units of one service in one calendar month of the billing time zone.</summary>
public sealed record FreeQuotaStatus
{
    public required string Service { get; init; }

    /// <summary>The month, such as "2026-11".</summary>
    public required string Month { get; init; }

    public required long Granted { get; init; }

    public required long Used { get; init; }

    /// <summary>Set aside by open reservations.</summary>
    public required long Held { get; init; }

    public required long Left { get; init; }
}
