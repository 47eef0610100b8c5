namespace Billing.Contracts;

/// <summary>The answer to <see cref="SetBalanceAlert"/>, given after the commit.</summary>
public sealed record BalanceAlertSetting
{
    public required Guid OperationId { get; init; }

    public required string UserId { get; init; }

    /// <summary>Whether the threshold was set, by this request or by an earlier one with the same id. A later one may have set another since.</summary>
    public required bool Applied { get; init; }

    public bool Duplicate { get; init; }

    /// <summary>Why it was refused; one of <see cref="ErrorCodes"/>.</summary>
    public string? Code { get; init; }

    public string? Detail { get; init; }

    /// <summary>The account's own threshold before; absent when it had none.</summary>
    public Money? Before { get; init; }

    /// <summary>The account's own threshold since; absent when it has none.</summary>
    public Money? After { get; init; }

    /// <summary>What could be spent right after. Below the threshold already, nothing is told until it has been above.</summary>
    public Money Available { get; init; }

    public required string Currency { get; init; }
}
