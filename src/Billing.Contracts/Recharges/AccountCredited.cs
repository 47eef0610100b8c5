namespace Billing.Contracts;

/// <summary>A recharge's money stands in the ledger.</summary>
public sealed record AccountCredited
{
    public required Guid RechargeId { get; init; }

    public required string UserId { get; init; }

    public required Money Amount { get; init; }

    public required string Currency { get; init; }

    /// <summary>The balance right after the credit.</summary>
    public required Money Balance { get; init; }

    public required DateTimeOffset CreditedAt { get; init; }
}
