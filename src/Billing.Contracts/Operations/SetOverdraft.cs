namespace Billing.Contracts;

/// <summary>Sets how far deductions may take an account below zero, once by its id. Answered by <see cref="OverdraftLimit"/>.</summary>
public sealed record SetOverdraft
{
    /// <summary>The operator's id of this change; a repeat returns the stored result.</summary>
    public required Guid OperationId { get; init; }

    public required string UserId { get; init; }

    /// <summary>Zero or more; "0" ends it. Debt that is there already stays. Absent is refused: it must not end an overdraft by accident.</summary>
    public Money? Limit { get; init; }

    /// <summary>Absent: the deployment's billing currency.</summary>
    public string? Currency { get; init; }

    /// <summary>Who did it, 1 to 128 characters.</summary>
    public required string Actor { get; init; }

    /// <summary>Why, 1 to 500 characters.</summary>
    public required string Reason { get; init; }
}
