namespace Billing.Contracts;

/// <summary>An operator's correction of a balance, up or down, once by its id. Answered by <see cref="BalanceAdjustment"/>.</summary>
public sealed record AdjustBalance
{
    /// <summary>The operator's id of this adjustment; a repeat returns the stored result.</summary>
    public required Guid AdjustmentId { get; init; }

    public required string UserId { get; init; }

    /// <summary>Added to the balance; negative takes money away, into debt if need be. Not zero.</summary>
    public required Money Amount { get; init; }

    /// <summary>Absent: the deployment's billing currency.</summary>
    public string? Currency { get; init; }

    /// <summary>Who did it, 1 to 128 characters.</summary>
    public required string Actor { get; init; }

    /// <summary>Why, 1 to 500 characters.</summary>
    public required string Reason { get; init; }
}
