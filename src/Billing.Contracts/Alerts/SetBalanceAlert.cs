namespace Billing.Contracts;

/// <summary>Sets below which available amount an account is told to be low, once by its id. Answered by <see cref="BalanceAlertSetting"/>.</summary>
public sealed record SetBalanceAlert
{
    /// <summary>The caller's id of this change; a repeat returns the stored result.</summary>
    public required Guid OperationId { get; init; }

    public required string UserId { get; init; }

    /// <summary>Zero or more. Absent: the deployment's default from here on.</summary>
    public Money? Threshold { get; init; }

    /// <summary>Absent: the deployment's billing currency.</summary>
    public string? Currency { get; init; }

    /// <summary>Who did it, 1 to 128 characters.</summary>
    public required string Actor { get; init; }

    /// <summary>Why, 1 to 500 characters.</summary>
    public required string Reason { get; init; }
}
